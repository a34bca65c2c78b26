"""Files in and out: the carriers of the record. No flask.request here, and no commit."""
