"""The one settings file. Every deployment differs by environment variables only (docs/guide/装起来.md)."""

from __future__ import annotations

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from qingyuan import environment as env

PACKAGE_DIR = Path(__file__).resolve().parent
DATA_DIR = Path(env.text("QINGYUAN_DATA", "var")).resolve()
# One thread of numpy's linear algebra a process: requests share the cores already, and on matrices of a few hundred
# rows waiting threads cost ten times the work. Must stand before numpy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# --- what kind of installation this is
QINGYUAN_DEMO = env.flag("QINGYUAN_DEMO")
"""Shows the demo banner and the role switcher on the sign-in page. Never in real deployments."""
QINGYUAN_CLOCK_OFFSET = env.number("QINGYUAN_CLOCK_OFFSET", 0)
"""Seconds added to the real time, so that a demo can stand inside the 2022 schedule. 0 in real deployments."""
if QINGYUAN_CLOCK_OFFSET and not (QINGYUAN_DEMO or env.flag("QINGYUAN_TESTING")):
    raise env.SettingError(
        f"QINGYUAN_CLOCK_OFFSET={QINGYUAN_CLOCK_OFFSET}: a shifted clock would move real deadlines; "
        "unset it (only a demo, QINGYUAN_DEMO=1, may have one)"
    )
QINGYUAN_NOTICES = env.paths("QINGYUAN_NOTICES")
"""More folders of notice files, beside those that ship. (QINGYUAN_REGIONS, likewise a path list, names more region
tables; the catalogue reads it.)"""
QINGYUAN_CLAMAV = env.text("QINGYUAN_CLAMAV")
"""Address of a clamd: unix:/path or host:port. Empty: uploads pass after the content inspection."""
QINGYUAN_UPLOAD_MAX_BYTES = env.number("QINGYUAN_UPLOAD_MAX_BYTES", 60 * 1024 * 1024)

DEBUG = env.flag("QINGYUAN_DEBUG")
SECRET_KEY = env.text("QINGYUAN_SECRET_KEY")
if not SECRET_KEY:
    if not (QINGYUAN_DEMO or DEBUG or env.flag("QINGYUAN_TESTING")):
        raise env.SettingError(
            "QINGYUAN_SECRET_KEY is empty: set it (or QINGYUAN_SECRET_KEY_FILE) to a long random text"
        )
    SECRET_KEY = "demo-only-not-a-secret-" + "0" * 40
ALLOWED_HOSTS = env.words("QINGYUAN_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("QINGYUAN_ORIGINS")
HTTPS = env.flag("QINGYUAN_HTTPS")

INSTALLED_APPS = [
    "qingyuan.kernel",
    "qingyuan.ui",
    "qingyuan.people",
    "qingyuan.calls",
    "qingyuan.registry",
    "qingyuan.pilots",
    "qingyuan.audits",
    "qingyuan.review",
    "qingyuan.delivery",
    "qingyuan.site",
    "qingyuan.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "rules",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "qingyuan.ui.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "qingyuan.ui.middleware.ChineseFirst",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "qingyuan.kernel.guards.RefusalMiddleware",
]

ROOT_URLCONF = "qingyuan.site.urls"
WSGI_APPLICATION = "qingyuan.site.wsgi.application"
FORM_RENDERER = "qingyuan.ui.forms.QingyuanRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "qingyuan.ui.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "qingyuan.ui.templatetags.ui",
            ],
        },
    },
]

# --- data
DATABASES = {"default": env.database(env.text("QINGYUAN_DATABASE_URL"), data_dir=DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = DATA_DIR / "blobs"
S3_BUCKET = env.text("QINGYUAN_S3_BUCKET")
STORAGES: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if S3_BUCKET:
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.text("QINGYUAN_S3_ENDPOINT") or None,
            "access_key": env.text("QINGYUAN_S3_KEY") or None,
            "secret_key": env.text("QINGYUAN_S3_SECRET") or None,
            # A name is the hash of its bytes: putting them again changes nothing but the time, which the sweep reads.
            "file_overwrite": True,
            "default_acl": "private",
        },
    }
CACHE_URL = env.text("QINGYUAN_REDIS_URL")
CACHES: dict[str, dict[str, object]] = {
    # Rate limits must be shared by all processes: the database, or Redis where there is one.
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}
    if CACHE_URL
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kernel_cache"},
}
TASKS = {
    "default": {
        "BACKEND": env.text("QINGYUAN_TASKS_BACKEND", "django_tasks_db.DatabaseBackend"),
        # Mail never waits behind a computation: each has its own queue.
        "QUEUES": ["default", "engine"],
    }
}

RUN_MINUTES = env.number("QINGYUAN_RUN_MINUTES", 60)

# --- uploads: nothing is buffered in memory beyond a chunk, and the size is judged while it streams
FILE_UPLOAD_HANDLERS = ["qingyuan.kernel.gate.handler.StreamingLimitHandler"]
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000

# --- people and sign-in
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "qingyuan.people.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "login": "60/m/ip"}
ACCOUNT_SESSION_REMEMBER = False
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("QINGYUAN_PROXIES", 0)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "清源"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_PROVIDERS: dict[str, object] = {}
FORM_TARGETS: list[str] = []
"""Origins beside our own that a form may lead to: browsers hold `form-action` also against the redirect that follows a
post, and single sign-on is such a redirect."""
if env.text("QINGYUAN_OIDC_URL"):
    FORM_TARGETS = [env.origin(env.text("QINGYUAN_OIDC_URL"))]
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "oidc",
                "name": env.text("QINGYUAN_OIDC_NAME", "统一身份认证"),
                "client_id": env.text("QINGYUAN_OIDC_CLIENT"),
                "secret": env.text("QINGYUAN_OIDC_SECRET"),
                "settings": {"server_url": env.text("QINGYUAN_OIDC_URL")},
            }
        ]
    }

# --- mail: read before it leaves (kernel outbox); SMTP by environment, else the console
DEFAULT_FROM_EMAIL = env.text("QINGYUAN_MAIL_FROM", "清源 <qingyuan@localhost>")
if env.text("QINGYUAN_SMTP_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = env.text("QINGYUAN_SMTP_HOST")
    EMAIL_USE_TLS = env.flag("QINGYUAN_SMTP_STARTTLS")
    EMAIL_USE_SSL = env.flag("QINGYUAN_SMTP_SSL", default=not EMAIL_USE_TLS)
    if EMAIL_USE_TLS and EMAIL_USE_SSL:
        raise env.SettingError(
            "QINGYUAN_SMTP_SSL and QINGYUAN_SMTP_STARTTLS are both 1: a mail server speaks one of them "
            "(SSL mostly at port 465, STARTTLS at 587); keep that one"
        )
    EMAIL_PORT = env.number("QINGYUAN_SMTP_PORT", 587 if EMAIL_USE_TLS else 465)
    EMAIL_HOST_USER = env.text("QINGYUAN_SMTP_USER")
    EMAIL_HOST_PASSWORD = env.text("QINGYUAN_SMTP_PASSWORD")
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

# --- language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- static files and headers
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS and env.flag("QINGYUAN_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.number("QINGYUAN_PROXIES", 0) else None
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.text("QINGYUAN_LOG", "WARNING")},
    "loggers": {"qingyuan": {"level": env.text("QINGYUAN_LOG", "INFO")}},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
