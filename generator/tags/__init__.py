"""Tags: the registry a person edits, the choice for a session, and the audit of a whole blog."""
