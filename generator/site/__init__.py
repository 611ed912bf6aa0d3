"""The built site: Hugo, and what came out of it."""
