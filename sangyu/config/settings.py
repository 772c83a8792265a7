"""Django's settings: everything that wires, nothing that decides."""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from sangyu.config import environment

DEMO = os.environ.get("SANGYU_DEMO") == "1"  # sample accounts are shown and every page says 示例数据
DEBUG = os.environ.get("SANGYU_DEBUG") == "1"
SECRET_KEY = environment.secret_key()
ALLOWED_HOSTS = os.environ.get("SANGYU_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("SANGYU_ORIGINS", "").split(",") if o]
HTTPS = os.environ.get("SANGYU_HTTPS") == "1"
# Believed only behind a proxy of our own: anybody else can write this header.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0  # else all visitors have the proxy's address, and its limit of attempts
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0

KEY_FILE = environment.KEY_FILE
HEADS_FILE = environment.heads_file(environment.database_name())
SEAL_HASH = environment.seal_hash()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
    "sangyu.kit",
    "sangyu.portal",
    "sangyu.console",
    "sangyu.journal",
    "sangyu.keys",
    "sangyu.accounts",
    "sangyu.members",
    "sangyu.tallies",
    "sangyu.alliances",
    "sangyu.activities",
    "sangyu.duties",
    "sangyu.voices",
    "sangyu.reports",
    "allauth",
    "allauth.account",
]
MIDDLEWARE = [
    "sangyu.config.home.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sangyu.members.middleware.ActorMiddleware",
    "sangyu.config.gate.GateMiddleware",
    "sangyu.kit.middleware.RefusalMiddleware",
]
ROOT_URLCONF = "sangyu.config.urls"
WSGI_APPLICATION = "sangyu.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sangyu.config.context.house",
            ],
        },
    }
]
FORM_RENDERER = "sangyu.kit.renderer.SangyuRenderer"

DATABASES = {"default": environment.django_database(environment.role())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kit_cache"}}

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_ADAPTER = "sangyu.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "sign_in_name"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login_failed": "5/15m/key,50/15m/ip"}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "sangyu.accounts.forms.SignInForm",
    "change_password": "sangyu.accounts.forms.ChangePasswordForm",
    "set_password": "sangyu.accounts.forms.SetPasswordForm",
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 180  # an old comrade signs in with a card once in half a year
SESSION_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a roll of 1,000 people has three fields a person
FILE_UPLOAD_MAX_MEMORY_SIZE = 50 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF, "tel:"],  # a call button answers with a redirect to the telephone
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

PROCRASTINATE_IMPORT_PATHS = ["sangyu.journal.tasks", "sangyu.tallies.tasks", "sangyu.members.tasks"]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
ROOT = Path(__file__).resolve().parents[2]
