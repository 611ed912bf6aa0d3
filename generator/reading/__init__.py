"""A post as its reader sees it: blocks of text with their places in the file, sentences, quantities."""
