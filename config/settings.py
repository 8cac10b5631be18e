"""All settings. They are read from the environment, and the defaults are safe.

| variable                | meaning                                               | default       |
|-------------------------|-------------------------------------------------------|---------------|
| MUSTER_DATA             | folder of the embedded database and of the secret key | `.muster`     |
| DATABASE_URL            | your own PostgreSQL 15 or later                       | the embedded  |
| SECRET_KEY              | signs sessions                                        | generated     |
| MUSTER_GUARD_KEY        | hashes what was redacted: see docs/operating.md       | generated     |
| MUSTER_HOSTS            | host names of this server, separated by commas        | localhost     |
| MUSTER_HTTPS            | `off` serves plain HTTP, only for this machine        | on            |
| MUSTER_TRUSTED_PROXIES  | addresses and networks of trusted proxies             | 127.0.0.1,::1 |
| MUSTER_WORKERS          | number of processes                                   | 2             |
| MUSTER_THREADS          | threads of each process; exports use at most half     | 8             |
| MUSTER_JOBS             | `off` if `manage.py work` runs on its own             | on            |
| MUSTER_KEPT_ANSWERS     | megabytes of answers that each process keeps          | 32            |
| MUSTER_NAME             | name of this database in citations                    | Muster        |
| MUSTER_LICENCE          | licence of the data; releases show it                 | CC BY 4.0     |
| MUSTER_CONTACT          | e-mail address or URL for questions about the data    | none          |
| MUSTER_REPORTS          | e-mail address or URL for reports of errors           | our own form  |
| MUSTER_FOLLOWS          | `on` or the URL of the node that this one follows     | off           |
| MUSTER_SEARCH_ENGINES   | `off` asks search engines to leave the site alone     | on            |
| MUSTER_SECURITY_CONTACT | e-mail address or https URL for security.txt          | none          |
| MUSTER_SECURITY_EXPIRES | last day on which that contact is valid: 2027-06-30   | none          |
| MUSTER_TWO_FACTOR       | who needs a second factor: `reviewers` or `everyone`  | off           |
| MUSTER_ERASE_AFTER      | days until what a redaction removed is destroyed      | 14            |
| MUSTER_SMTP             | mail server: smtps://name:password@mail.example.org   | none          |
| MUSTER_MAIL_FROM        | e-mail address of the sender; needed for MUSTER_SMTP  | none          |
| MUSTER_DEBUG            | `on` shows tracebacks in pages, only for development  | off           |
"""

import os
from datetime import timedelta
from pathlib import Path

import pghistory
import pgtrigger

from config import postgres
from config.operator import (
    describe_contact,
    describe_licence,
    find_licence_address,
    find_reports_address,
    parse_mail,
    parse_security,
)
from config.proxies import parse_proxies
from config.safety import parse_hosts, parse_two_factor, require_safe
from config.secret import read_key

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT if (ROOT / "pyproject.toml").exists() else Path.cwd()  # an installed wheel has no home
DATA = Path(os.environ.get("MUSTER_DATA") or HOME / ".muster").resolve()
HTTPS = os.environ.get("MUSTER_HTTPS", "on") != "off"
DEBUG = os.environ.get("MUSTER_DEBUG", "off") == "on"
NAME = os.environ.get("MUSTER_NAME") or "Muster"
LICENCE = os.environ.get("MUSTER_LICENCE") or "CC BY 4.0"
CONTACT = os.environ.get("MUSTER_CONTACT") or ""
LICENCE_ADDRESS = find_licence_address(LICENCE)
SEARCH_ENGINES = os.environ.get("MUSTER_SEARCH_ENGINES", "on") != "off"
SECURITY = parse_security(
    os.environ.get("MUSTER_SECURITY_CONTACT") or "", os.environ.get("MUSTER_SECURITY_EXPIRES") or ""
)
FOLLOWED = os.environ.get("MUSTER_FOLLOWS") or "off"
FOLLOWS = FOLLOWED != "off"
REPORTS = find_reports_address(os.environ.get("MUSTER_REPORTS") or "", FOLLOWED, CONTACT, "/report")
MAIL = parse_mail(os.environ.get("MUSTER_SMTP") or "", os.environ.get("MUSTER_MAIL_FROM") or "")
TWO_FACTOR = parse_two_factor(os.environ.get("MUSTER_TWO_FACTOR") or "off")
ERASE_AFTER = max(0, int(os.environ.get("MUSTER_ERASE_AFTER") or 14))
SECRET_KEY = os.environ.get("SECRET_KEY") or read_key(DATA)
GUARD_KEY = os.environ.get("MUSTER_GUARD_KEY") or read_key(DATA, "guard_key")
ALLOWED_HOSTS = parse_hosts(os.environ.get("MUSTER_HOSTS") or "localhost,127.0.0.1,[::1]")
require_safe(ALLOWED_HOSTS, SECRET_KEY, https=HTTPS, debug=DEBUG)
TRUSTED_PROXIES = parse_proxies(os.environ.get("MUSTER_TRUSTED_PROXIES", "127.0.0.1,::1"))
WORKERS = int(os.environ.get("MUSTER_WORKERS") or 2)
THREADS = max(2, int(os.environ.get("MUSTER_THREADS") or 8))
JOBS = os.environ.get("MUSTER_JOBS", "on") != "off"
KEPT_ANSWERS = max(0, int(os.environ.get("MUSTER_KEPT_ANSWERS") or 32))
VERSION = "0.1.0"

APPS = [
    "config",
    "explorer",
    "benchmarks",
    "exchange",
    "incidents",
    "actors",
    "places",
    "sources",
    "curation",
    "jobs",
    "editorial",
    "api",
    "publishing",
]
INSTALLED_APPS = [
    *APPS,
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "django_filters",
    "django_tasks_db",
    "drf_spectacular",
    "curation.site.SiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "config.middleware.leave_out_body",
    "config.headers.add_headers",
    "publishing.clients.drop_untrusted_headers",
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.answer_probes",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "api.compression.compress_public",
    "config.failures.refuse_unreadable",
    "explorer.languages.choose_language",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.AdminHistoryMiddleware",
    "curation.zones.use_zone",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "editorial.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "MinimumLengthValidator": {"min_length": 12},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
        "UserAttributeSimilarityValidator": {},
    }.items()
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.pages.offer_notice",
            ]
        },
    }
]

FORM_RENDERER = "curation.renderers.FormRenderer"

DATABASES = {"default": postgres.database_settings(DATA, os.environ)}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ar", "العربية")]  # of the public site: see explorer/languages.py
LOCALE_PATHS = [ROOT / "explorer" / "locale"]
FORMAT_MODULE_PATH = "config.formats"
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_ROOT = ROOT / "config" / "root"
# In a cookie, messages would outlive the session and be shown to the next person who signs in.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOGIN_URL = "admin:login"
if MAIL:
    EMAIL_HOST, EMAIL_PORT = MAIL.host, MAIL.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
    EMAIL_USE_SSL, EMAIL_USE_TLS = MAIL.encrypted, not MAIL.encrypted and MAIL.starts_tls
    EMAIL_TIMEOUT = 10
    DEFAULT_FROM_EMAIL = MAIL.sender

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
# A form of the admin has about twenty fields for each part of a record. Larger ones are refused.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

AUTHENTICATION_BACKENDS = ["editorial.permissions.GroupBackend"]
AXES_HANDLER = "curation.signing_in.Limits"
AXES_CLIENT_IP_CALLABLE = "curation.signing_in.client_address"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=5)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "ip_address", "username"]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
OTP_TOTP_ISSUER = NAME
SILENCED_SYSTEM_CHECKS = ["axes.W002"]  # the sign-in form answers, so no middleware is needed


class _InsertEvents(pghistory.InsertEvent):
    """The audit of the rows that one statement inserts: a COPY of an import inserts thousands."""

    level = pgtrigger.Statement

    def __deepcopy__(self, memo: object) -> "_InsertEvents":
        return type(self)()  # pghistory copies trackers, but knows levels by identity


PGHISTORY_APPEND_ONLY = True
PGHISTORY_DEFAULT_TRACKERS = (
    _InsertEvents(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
)
PGHISTORY_MIDDLEWARE_METHODS = ("POST",)

LOGGING = {  # without this, Django logs errors only with DEBUG
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "curation": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "jobs": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django_tasks_db": {"level": "CRITICAL"},  # jobs/running.py logs what fails
        "axes": {"level": "CRITICAL"},  # it logs what was typed; curation/signing_in.py does not
    },
}
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["api.formats.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "api.schema.PublicSchema",
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Muster",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": (ROOT / "config" / "openapi.md").read_text(encoding="utf-8"),
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVERS": [{"url": "/", "description": "This server."}],
    "LICENSE": describe_licence(LICENCE),
    "CONTACT": describe_contact(NAME, CONTACT),
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.description.complete",
    ],
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "Assessment": "sources.codes.Assessment",
        "Basis": "actors.codes.Basis",
        "Certainty": "incidents.codes.Certainty",
        "Closeness": "actors.codes.Closeness",
        "Confidence": "sources.codes.Confidence",
        "Control": "actors.codes.Control",
        "DatePrecision": "publishing.codes.DatePrecision",
        "EffectKind": "incidents.codes.EffectKind",
        "EndKind": "publishing.codes.EndKind",
        "FigureRole": "sources.codes.FigureRole",
        "Frequency": "incidents.codes.Frequency",
        "Gender": "actors.codes.Gender",
        "Granularity": "incidents.codes.Granularity",
        "Identified": "actors.codes.Identified",
        "LifeStatus": "actors.codes.LifeStatus",
        "Match": "sources.codes.Match",
        "Precision": "incidents.codes.Precision",
        "PropertyDamage": "incidents.codes.PropertyDamage",
        "Side": "incidents.codes.Side",
        "Stance": "sources.codes.Stance",
        "StartKind": "publishing.codes.StartKind",
        "Violence": "incidents.codes.Violence",
    },
}
