"""A small site that uses django-allauth headless as its documentation says; the same for every release under test.

Environment: DATABASE path of the sqlite file, SESSION_ENGINE module of the session store, REAUTHENTICATE=yes.
"""
import os

import allauth

SECRET_KEY = "not secret: this site exists for the length of one test run on the loopback interface"
ALLOWED_HOSTS = ["*"]
USE_TZ = True
ROOT_URLCONF = "urls"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "allauth.headless",
    "scaffold",
]
MIDDLEWARE = [
    "scaffold.middleware.Scaffold",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["DATABASE"],
        "OPTIONS": {
            "timeout": 30,
            # A transaction that reads first and writes later cannot wait for another writer: sqlite refuses at once.
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;",
        },
    }
}
SESSION_ENGINE = os.environ.get("SESSION_ENGINE", "django.contrib.sessions.backends.db")

# Production hashers take a tenth of a second of CPU per sign-in on purpose. No session rule depends on the hash, and a
# test run signs in thousands of times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# One server has both kinds of user: with a verified address the password signs in fully, without one it leaves the
# sign-in waiting for the verification. The code by mail is a second way to be half signed in.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
# The default limits (30 sign-ins a minute and address) would answer for the product instead of the product.
ACCOUNT_RATE_LIMITS = False
# Off by default. On, whoever changes an address has to have given the password within the last five minutes; before 65
# the sign-in itself counts as that.
ACCOUNT_REAUTHENTICATION_REQUIRED = os.environ.get("REAUTHENTICATE") == "yes"
if allauth.VERSION[0] >= 65:
    ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
else:
    ACCOUNT_EMAIL_REQUIRED = True

HEADLESS_ONLY = True
HEADLESS_FRONTEND_URLS = {
    "account_confirm_email": "http://frontend.test/verify-email/{key}",
    "account_reset_password": "http://frontend.test/reset-password",
    "account_reset_password_from_key": "http://frontend.test/reset-password/{key}",
    "account_signup": "http://frontend.test/sign-up",
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # read back through /_test/mail

# A refusal is an expected answer here (401 is what a sign-out answers); only a crash is worth a line.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "loggers": {name: {"level": "ERROR"} for name in ("django.request", "django.server", "django.security")},
}
