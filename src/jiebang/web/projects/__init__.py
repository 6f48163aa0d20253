"""The project room: one page a matter, the same for the office and for those who carry the project out or asked for it."""
