"""What an operator does to accounts and to the session table, straight through Django's models."""
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.account.utils import url_str_to_user_pk
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone


def create(user, password, email, role="user"):
    """Make an account with a verified address; role "admin" makes a superuser. Raises IntegrityError if the name exists."""
    with transaction.atomic():
        make = User.objects.create_superuser if role == "admin" else User.objects.create_user
        account = make(user, email, password)
        EmailAddress.objects.create(user=account, email=email, primary=True, verified=True)


def set_active(user, active):
    account = User.objects.get(username=user)
    account.is_active = active
    account.save()


def set_verified(user, verified):
    """Mark the addresses of the user as verified or not; allauth looks at it when the user signs in, not later."""
    account = User.objects.get(username=user)
    EmailAddress.objects.filter(user=account).update(verified=verified)


def set_role(user, role):
    account = User.objects.get(username=user)
    account.is_staff = account.is_superuser = role == "admin"
    account.save()


def delete(user):
    """Delete the account the way Django's admin does: its rows go, the rows of its sessions stay."""
    User.objects.get(username=user).delete()


def set_password(user, password):
    """What Django's admin does: the old sessions of the user die because each carries a hash of the old password."""
    account = User.objects.get(username=user)
    account.set_password(password)
    account.save()


def expire(user):
    """Let all sessions of the user, half signed in ones too, have run out a minute ago. Rows stay until `clearsessions`."""
    number = User.objects.get(username=user).pk
    mine = [s.pk for s in Session.objects.all() if number in owners(s.get_decoded())]
    Session.objects.filter(pk__in=mine).update(expire_date=timezone.now() - timedelta(minutes=1))


def owners(data):
    """Primary keys of the users that decoded session data speaks of: signed in, or waiting for a second step.

    The key user_pk is a number in base 36 (allauth.account.utils.user_pk_to_url_str); account_login_code is how 64.x
    keeps a code that was sent.
    """
    pending, code = data.get("account_login"), data.get("account_login_code")
    keys = [data.get(SESSION_KEY), code and code.get("user_id")]
    found = {int(k) for k in keys if k}
    if isinstance(pending, dict) and pending.get("user_pk"):
        found.add(url_str_to_user_pk(pending["user_pk"]))
    return found


def count_sessions():
    return Session.objects.count()
