"""All settings, from the environment, safe where it says nothing.

| variable               | meaning                                               | default       |
|------------------------|-------------------------------------------------------|---------------|
| MUSTER_DATA            | folder of the embedded database and of the secret key | `.muster`     |
| DATABASE_URL           | a PostgreSQL 15 or later of one's own                 | the embedded  |
| SECRET_KEY             | signs sessions                                        | made up once  |
| MUSTER_HOSTS           | host names served, separated by commas                | localhost     |
| MUSTER_HTTPS           | `off` serves plain HTTP: for this machine alone       | on            |
| MUSTER_TRUSTED_PROXIES | proxies that are believed (addresses, networks)       | 127.0.0.1,::1 |
| MUSTER_NAME            | what this database is called, in citations            | Muster        |
| MUSTER_LICENCE         | under which its data may be used; releases say so     | CC BY 4.0     |
| MUSTER_FOLLOWS         | `on`: this node follows another and may lag behind it | off           |
| MUSTER_DEBUG           | `on` shows tracebacks in pages: for development alone | off           |
"""

import os
from pathlib import Path

import pghistory

from config import postgres
from config.proxies import trusted_proxies
from config.secret import secret_key

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("MUSTER_DATA") or ROOT / ".muster").resolve()
HTTPS = os.environ.get("MUSTER_HTTPS", "on") != "off"
DEBUG = os.environ.get("MUSTER_DEBUG", "off") == "on"
NAME = os.environ.get("MUSTER_NAME") or "Muster"
LICENCE = os.environ.get("MUSTER_LICENCE") or "CC BY 4.0"
FOLLOWS = os.environ.get("MUSTER_FOLLOWS", "off") == "on"
SECRET_KEY = os.environ.get("SECRET_KEY") or secret_key(DATA)
ALLOWED_HOSTS = os.environ.get("MUSTER_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
TRUSTED_PROXIES = trusted_proxies(os.environ.get("MUSTER_TRUSTED_PROXIES", "127.0.0.1,::1"))
VERSION = "0.1.0"

INSTALLED_APPS = [
    "config",
    "exchange",
    "incidents",
    "actors",
    "places",
    "sources",
    "editorial",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "editorial.site.SiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "editorial.clients.distrust",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "editorial.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
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
            ]
        },
    }
]

DATABASES = {"default": postgres.database(DATA, os.environ)}

LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = "config.formats"
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
LOGIN_URL = "admin:login"

SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
X_FRAME_OPTIONS = "DENY"

AUTHENTICATION_BACKENDS = ["editorial.people.GroupBackend"]
PGHISTORY_APPEND_ONLY = True
PGHISTORY_DEFAULT_TRACKERS = (
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
)
PGHISTORY_MIDDLEWARE_METHODS = ("POST",)

LOGGING = {  # Django's own keeps faults to itself where there is no DEBUG
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
}
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["editorial.api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "editorial.api.schema.PublicSchema",
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Muster",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": (ROOT / "config" / "openapi.md").read_text(encoding="utf-8"),
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "ActorKind": "actors.codes.ActorKind",
        "Assessment": "sources.codes.Assessment",
        "AttributionStatus": "incidents.codes.AttributionStatus",
        "Authenticity": "incidents.codes.Authenticity",
        "Basis": "actors.codes.Basis",
        "CasualtyMeasure": "incidents.codes.CasualtyMeasure",
        "Certainty": "incidents.codes.Certainty",
        "ClaimStatus": "incidents.codes.ClaimStatus",
        "ClassificationWord": "actors.codes.ClassificationWord",
        "Closeness": "actors.codes.Closeness",
        "Confidence": "sources.codes.Confidence",
        "Control": "actors.codes.Control",
        "DatePrecision": "editorial.models.dated.DatePrecision",
        "DesignationStatus": "actors.codes.DesignationStatus",
        "EditionKind": "editorial.models.edition.EditionKind",
        "EffectKind": "incidents.codes.EffectKind",
        "EndKind": "editorial.models.dated.EndKind",
        "EventType": "incidents.codes.EventType",
        "FigureRole": "sources.codes.FigureRole",
        "Frequency": "incidents.codes.Frequency",
        "Gender": "actors.codes.Gender",
        "Granularity": "incidents.codes.Granularity",
        "Identified": "actors.codes.Identified",
        "InvolvementRole": "incidents.codes.InvolvementRole",
        "LifeStatus": "actors.codes.LifeStatus",
        "LinkKind": "incidents.codes.LinkKind",
        "LocationRole": "incidents.codes.LocationRole",
        "Match": "sources.codes.Match",
        "Measure": "actors.codes.Measure",
        "Motive": "incidents.codes.Motive",
        "Outcome": "incidents.codes.Outcome",
        "PlaceKind": "places.codes.PlaceKind",
        "Precision": "incidents.codes.Precision",
        "PropertyDamage": "incidents.codes.PropertyDamage",
        "Quantifier": "sources.codes.Quantifier",
        "Scale": "sources.codes.Scale",
        "Side": "incidents.codes.Side",
        "Stance": "sources.codes.Stance",
        "StartKind": "editorial.models.dated.StartKind",
        "StatementKind": "incidents.codes.StatementKind",
        "Violence": "incidents.codes.Violence",
    },
}
