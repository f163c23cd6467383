"""All settings. Everything a person may set is a ``TANDEM_…`` variable, read in ``env``."""

import os
import sys
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF

from tandem.config import env, sign_in, statics

PACKAGE = Path(__file__).resolve().parent.parent
DATA = env.data_folder()
TESTING = "pytest" in sys.modules

SECRET_KEY = env.secret_key(DATA)
#: Keys that were used before: what they signed and encrypted is still read.
SECRET_KEY_FALLBACKS = env.words("TANDEM_SECRET_KEYS_BEFORE")
DEBUG = env.flag("TANDEM_DEBUG")
#: A template that shows a name nobody gave it fails, where it otherwise shows nothing.
STRICT_TEMPLATES = DEBUG
ALLOWED_HOSTS = env.words("TANDEM_HOSTS", ("127.0.0.1", "localhost", "[::1]", "testserver"))
CSRF_TRUSTED_ORIGINS = env.words("TANDEM_ORIGINS")
#: Where people reach this installation: what a mail leads back to.
ADDRESS = (env.text("TANDEM_ADDRESS") or (CSRF_TRUSTED_ORIGINS or ("",))[0]).rstrip("/")
SECURE_COOKIES = env.flag("TANDEM_HTTPS")

INSTALLED_APPS = [
    "tandem.cli",
    "tandem.core",
    "tandem.ui",
    "tandem.accounts",
    "tandem.notices",
    "tandem.backlog",
    "tandem.delivery",
    "tandem.prioritisation",
    "tandem.planning",
    "tandem.home",
    "tandem.integrations",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_tasks",
]

MIDDLEWARE = [
    "tandem.core.monitoring.middleware.MonitoringMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "tandem.ui.middleware.HeadersMiddleware",
    "tandem.ui.middleware.FilesMiddleware",
    "tandem.ui.middleware.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tandem.ui.middleware.LanguageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tandem.accounts.middleware.SessionMiddleware",
    "tandem.accounts.middleware.MemberMiddleware",
    "tandem.ui.middleware.RefusalMiddleware",
]

if TESTING:
    # The tests' server serves static files itself; scanning them for every client is slow.
    MIDDLEWARE.remove("tandem.ui.middleware.FilesMiddleware")

ROOT_URLCONF = "tandem.config.urls"
ASGI_APPLICATION = "tandem.config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [
            PACKAGE / app / "templates"
            for app in sorted(p.parent.name for p in PACKAGE.glob("*/templates"))
        ],
        "OPTIONS": {
            "environment": "tandem.ui.jinja.environment",
            "context_processors": ["tandem.ui.jinja.once"],
            "autoescape": True,
        },
    },
]

DATABASES = {"default": env.database(DATA)}
DATABASE_ROUTERS = ["tandem.core.database.EngineRouter"]
CACHES = {"default": env.cache(DATABASES["default"]["ENGINE"])}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "accounts:sign-in"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# allauth signs people in; the pages, the words and the counting of attempts are Tandem's.
ACCOUNT_ADAPTER = "tandem.accounts.sign_in.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False
ACCOUNT_TEMPLATE_EXTENSION = "jinja"
ACCOUNT_LOGOUT_REDIRECT_URL = "/sign-in/"
MFA_ADAPTER = "tandem.accounts.sign_in.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "preferred"
MFA_TOTP_TOLERANCE = 1
SOCIALACCOUNT_ADAPTER = "tandem.accounts.sign_in.single_sign_on.SocialAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TANDEM_PROXIES", 0, low=0, high=5)
OIDC = sign_in.oidc()
FIRST_ADMINISTRATOR = sign_in.first_administrator()

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
(
    EMAIL_HOST,
    EMAIL_PORT,
    EMAIL_HOST_USER,
    EMAIL_HOST_PASSWORD,
    EMAIL_USE_TLS,
    EMAIL_USE_SSL,
    DEFAULT_FROM_EMAIL,
) = sign_in.mail()
EMAIL_TIMEOUT = 15

SESSION_ENGINE = "tandem.accounts.sign_in.session_store"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = SECURE_COOKIES
CSRF_COOKIE_SECURE = SECURE_COOKIES
CSRF_FAILURE_VIEW = "tandem.ui.views.errors.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_COOKIES else 0
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

ON_POSTGRES = str(DATABASES["default"]["ENGINE"]).endswith("postgresql")
TASKS: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": (
            "tandem.core.jobs.procrastinate.ProcrastinateBackend"
            if ON_POSTGRES
            else "tandem.core.jobs.backend.DatabaseBackend"
        ),
        "QUEUES": [],
        "OPTIONS": {"inline": TESTING},
    }
}
if ON_POSTGRES:
    INSTALLED_APPS.append("procrastinate.contrib.django")
    PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
    PROCRASTINATE_ON_APP_READY = "tandem.core.jobs.procrastinate.register"
#: A worker that is silent for so long is taken for dead, and its jobs are run by another.
JOB_LEASE_SECONDS = env.number("TANDEM_JOB_LEASE", 60, low=1, high=3600)
#: How long a worker that is asked to stop works on before it gives its jobs back.
JOB_GRACE_SECONDS = env.number("TANDEM_JOB_GRACE", 5, low=0, high=3600)
#: Whether an upgrade copies the database before it changes it.
UPGRADE_BACKUP = env.flag("TANDEM_UPGRADE_BACKUP", default=True)
KEEP_ARCHIVES_DAYS = env.number("TANDEM_KEEP_ARCHIVES_DAYS", 7, low=1, high=3650)
KEEP_JOBS_DAYS = env.number("TANDEM_KEEP_JOBS_DAYS", 30, low=1, high=3650)

# Gathered per version below the data folder (statics.py); what has the version in its address is
# kept by browsers for good. With TANDEM_DEBUG, and in the tests, the files are served as they lie.
AS_THEY_LIE = DEBUG or TESTING
STATIC_URL = "static/" if AS_THEY_LIE else f"static/{statics.version()}/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [PACKAGE / "static"]
SERVESTATIC_STATIC_PREFIX = "/static/"
SERVESTATIC_USE_FINDERS = AS_THEY_LIE
SERVESTATIC_USE_STATIC_ROOT = not AS_THEY_LIE
SERVESTATIC_AUTOREFRESH = DEBUG
SERVESTATIC_ALLOW_ALL_ORIGINS = False
SERVESTATIC_ADD_HEADERS_FUNCTION = None if AS_THEY_LIE else statics.keep_for_good
SERVESTATIC_MAX_AGE = 0

LANGUAGE_CODE = "en"
USE_I18N = True
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
USE_TZ = True
TIME_ZONE = "UTC"

UPLOAD_LIMIT = env.number("TANDEM_UPLOAD_MB", 200, low=1, high=4096) * 1024 * 1024
#: What an archive may have unpacked: more is refused before it is read.
ARCHIVE_LIMIT = env.number("TANDEM_ARCHIVE_MB", 4096, low=1, high=1_000_000) * 1024 * 1024
#: Where attachments lie: empty (``attachments`` in the data folder), a folder, or ``s3://bucket/…``.
ATTACHMENTS = env.attachments(DATA)
ATTACHMENT_LIMIT = env.number("TANDEM_ATTACHMENT_MB", 25, low=1, high=2048) * 1024 * 1024
#: What all attachments of a workspace may have together.
ATTACHMENTS_LIMIT = (
    env.number("TANDEM_ATTACHMENTS_MB", 10_000, low=1, high=100_000_000) * 1024 * 1024
)
#: Requests a member may make to the API in a minute; 0: any number.
API_PER_MINUTE = 0 if TESTING else env.number("TANDEM_API_PER_MINUTE", 1200, high=1_000_000)
#: Where webhooks may go besides the public internet.
WEBHOOK_ALLOW = env.addresses_allowed("TANDEM_WEBHOOK_ALLOW")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None

#: ``/metrics``: closed, open to everybody (a closed network), or to whoever has the token.
METRICS_OPEN = env.choice("TANDEM_METRICS", ("", "open")) == "open"
METRICS_TOKEN = env.text("TANDEM_METRICS_TOKEN")
METRICS_FOLDER = DATA / "metrics"
METRICS_FOLDER.mkdir(exist_ok=True)
# Read by prometheus_client when it is first imported.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(METRICS_FOLDER)

LOG_FORMAT = env.choice("TANDEM_LOG_FORMAT", ("line", "json"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "tandem.core.monitoring.logs.LineFormatter"},
        "json": {"()": "tandem.core.monitoring.logs.JsonLineFormatter"},
    },
    "filters": {"request": {"()": "tandem.core.monitoring.logs.RequestFilter"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["request"],
        }
    },
    # Failures stand in the log of each chat target, without what its address holds.
    "loggers": {"apprise": {"level": "CRITICAL"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("TANDEM_LOG", "WARNING")},
}
