"""Feeds: the posts of a term, or of all of a language, as RSS 2.0 and JSON Feed. Start with `run`."""
