"""The index of everything under content/: what each page is, and where Hugo serves it."""

from generator.library.library import Entry, Library, read

__all__ = ["Entry", "Library", "read"]
