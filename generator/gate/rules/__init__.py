"""The rules, a module each: it holds one `RULE`."""
