"""Articles in, from the web, from files and from what is pasted. No flask.request here, and no commit."""
