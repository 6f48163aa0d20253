"""What every test has: Django's settings for tests, and a PostgreSQL server where one can be had."""

import importlib.util
import os

if importlib.util.find_spec("jiebang.config.settings"):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiebang.config.settings")
