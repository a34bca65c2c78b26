"""How fast the pages are, measured against two floors in one run. `python -m bench`; see README.md here."""
