"""The roof: settings, urls, wsgi; wires adapters to ports."""
