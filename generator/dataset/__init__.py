"""From a user's files to checked tables and sessions. One file a source kind; `tables.py` is the contract."""
