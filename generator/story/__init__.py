"""What a post says, in which order: facts made of figures, and templates that put them into words."""
