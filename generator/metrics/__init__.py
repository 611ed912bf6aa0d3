"""From a dataset's tables to measures: one row a session, one column a metric. The last users of pandas."""
