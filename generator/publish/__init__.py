"""Putting a post on the blog: what was published is known, delivered whole, and can be taken back."""
