"""The WSGI application that `jiebang serve` runs under granian."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiebang.config.settings")
application = get_wsgi_application()
