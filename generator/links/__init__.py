"""Links of posts: to earlier posts like them, to pages of what they name, and from whom they are linked."""
