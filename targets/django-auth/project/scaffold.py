"""What an operator does to accounts and sessions, below /_test/, straight through Django's models. Loopback only.

Stands in front of the session middleware and ends the request there: it cannot touch the session of a request.

    POST /_test/NAME      JSON object = arguments of the function; 204, 404 no such user, 409 exists already, 501 not with
                          this store
    GET  /_test/sessions  {"count": rows in the session table}
    GET  /_test/mail?to=  text of the last mail to that address
"""
import json
import os
from datetime import timedelta

from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError
from django.http import HttpResponse, JsonResponse
from django.utils import timezone


def users():
    from django.contrib.auth.models import User  # not before the applications are loaded

    return User.objects


def rows():
    from django.contrib.sessions.models import Session

    return Session.objects


def create(user, password, email="", role="user"):
    make = users().create_superuser if role == "admin" else users().create_user
    make(user, email, password)


def change(user, **fields):
    account = users().get(username=user)
    for name, value in fields.items():
        setattr(account, name, value)
    account.save()


def set_role(user, role):
    change(user, is_staff=role == "admin", is_superuser=role == "admin")


def set_password(user, password):
    """What the admin does: sessions carry a hash of the old password and die by that."""
    account = users().get(username=user)
    account.set_password(password)
    account.save()


def delete(user):
    """What the admin does: the account's rows go, the rows of its sessions stay."""
    users().get(username=user).delete()


def expire(user):
    """Let the user's sessions have run out a minute ago. Rows stay until `clearsessions`."""
    number = str(users().get(username=user).pk)
    mine = [s.pk for s in rows().all() if s.get_decoded().get(SESSION_KEY) == number]
    rows().filter(pk__in=mine).update(expire_date=timezone.now() - timedelta(minutes=1))


def revoke_all(user):
    number = str(users().get(username=user).pk)
    rows().filter(pk__in=[s.pk for s in rows().all() if s.get_decoded().get(SESSION_KEY) == number]).delete()


ACTIONS = {
    "create": create,
    "disable": lambda user: change(user, is_active=False),
    "enable": lambda user: change(user, is_active=True),
    "set_role": set_role,
    "set_password": set_password,
    "delete": delete,
    "expire": expire,
    "revoke_all": revoke_all,
}
OF_THE_TABLE = ("expire", "revoke_all", "sessions")


class Scaffold:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path.startswith("/_test/"):
            return self.get_response(request)
        name = request.path[len("/_test/") :]
        if not request.META["REMOTE_ADDR"].startswith("127."):
            return HttpResponse(status=404)
        if name in OF_THE_TABLE and not os.environ["SESSION_ENGINE"].endswith(".db"):
            return HttpResponse(status=501)  # there is no table of sessions
        if name == "sessions":
            return JsonResponse({"count": rows().count()})
        if name == "mail":
            mine = [m for m in getattr(mail, "outbox", []) if request.GET.get("to") in m.to]
            return HttpResponse(mine[-1].body, content_type="text/plain") if mine else HttpResponse(status=404)
        if request.method == "POST" and name in ACTIONS:
            return act(ACTIONS[name], request.body)
        return HttpResponse(status=404)


def act(action, body):
    try:
        action(**json.loads(body))
    except ObjectDoesNotExist as e:
        return HttpResponse(repr(e), status=404)
    except IntegrityError as e:
        return HttpResponse(repr(e), status=409)
    return HttpResponse(status=204)
