"""The pages of those who ask: needs, their owners, their country desks."""
