"""jiebang: an open challenge programme, from a stated need to a validated application."""

__version__ = "0.1.0"
