"""Pages of organisations and of what was written to a person."""
