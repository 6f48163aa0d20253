"""Every page under its English words.

A room of pages brings its own `urlpatterns`; this file only names them.
"""

urlpatterns: list = []
