"""The gate: what must hold before a post may be published. Small rules, each with its examples."""
