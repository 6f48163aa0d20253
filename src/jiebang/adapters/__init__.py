"""Ports to the world outside: mail, files, calendars, charts, spreadsheets."""
