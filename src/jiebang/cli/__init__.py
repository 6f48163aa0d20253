"""The door for a terminal: the `jiebang` command."""
