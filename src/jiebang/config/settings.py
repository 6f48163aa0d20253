"""Django's settings, all derived from the home and the environment (docs/operations.md lists them)."""

from pathlib import Path

from jiebang.config import home as homes

HOME = homes.home()
_options = homes.options(HOME)
ROOT = Path(__file__).resolve().parent.parent

SECRET_KEY = homes.secret_key(HOME)
DEBUG = False
DEMO = bool(_options.get("demo", False))
ALLOWED_HOSTS = [str(host) for host in _options.get("hosts", ["127.0.0.1", "localhost"])]  # type: ignore[attr-defined]
SITE = homes.site(_options)
HTTPS = bool(_options.get("https", False))
PROXIES = int(str(_options.get("proxies", 0)))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "jiebang.records.people",
    "jiebang.records.programme",
    "jiebang.records.files",
    "jiebang.records.challenges",
    "jiebang.records.bids",
    "jiebang.records.reviews",
    "jiebang.records.panels",
    "jiebang.records.agreements",
    "jiebang.records.awards",
    "jiebang.records.projects",
    "jiebang.records.ledger",
    "jiebang.records.indicators",
    "jiebang.records.pilots",
    "jiebang.records.deliverables",
    "jiebang.records.replications",
    "jiebang.records.journal",
    "jiebang.records.outbox",
    "jiebang.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "jiebang.web.middleware.headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "jiebang.web.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "jiebang.web.middleware.typed",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "jiebang.config.urls"
WSGI_APPLICATION = "jiebang.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "jiebang.web.site.context",
            ],
        },
    }
]

DATABASES = {"default": homes.database(HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.AllowAllUsersModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/desk/"

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [ROOT / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
MEDIA_ROOT = HOME / "files"
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
MAX_FILE_BYTES = 25_000_000

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 2000}},
    # what all workers count together; one process's memory would multiply every limit by their number
    "shared": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(HOME / "cache"),
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}
EMAIL_BACKEND = str(_options.get("mail_backend", "django.core.mail.backends.filebased.EmailBackend"))
EMAIL_FILE_PATH = str(HOME / "mail")
EMAIL_HOST = str(_options.get("mail_host", "localhost"))
EMAIL_PORT = int(str(_options.get("mail_port", 25)))
DEFAULT_FROM_EMAIL = str(_options.get("mail_from", "programme@example.org"))

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = (
    "same-origin"  # some addresses are keys; with no referrer at all browsers post from nowhere
)
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "jiebang.web.errors.stale"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
