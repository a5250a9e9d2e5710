"""Test scaffolding below /_test/, for what allauth has no endpoint for. Loopback only.

Stands in front of the session middleware and ends the request there: it cannot load, touch or store a session by itself.

    POST /_test/NAME      JSON object = arguments of accounts.NAME; 204, 404 no such user, 409 exists already
    GET  /_test/sessions  {"count": rows in the session table}
    GET  /_test/mail?to=  text of the last mail to that address, links unquoted; 404 if there is none
"""
import json
from urllib.parse import unquote

from django.core import mail
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError
from django.http import HttpResponse, JsonResponse

from scaffold import accounts

PREFIX = "/_test/"
ACTIONS = {
    "create": accounts.create,
    "disable": lambda user: accounts.set_active(user, False),
    "enable": lambda user: accounts.set_active(user, True),
    "verify": lambda user: accounts.set_verified(user, True),
    "unverify": lambda user: accounts.set_verified(user, False),
    "set_role": accounts.set_role,
    "set_password": accounts.set_password,
    "delete": accounts.delete,
    "expire": accounts.expire,
}


class Scaffold:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        if not request.META["REMOTE_ADDR"].startswith("127."):
            return HttpResponse(status=404)
        name = request.path[len(PREFIX) :]
        if request.method == "GET" and name == "sessions":
            return JsonResponse({"count": accounts.count_sessions()})
        if request.method == "GET" and name == "mail":
            return last_mail(request.GET.get("to", ""))
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
    except (TypeError, ValueError) as e:
        return HttpResponse(repr(e), status=400)
    return HttpResponse(status=204)


def last_mail(to):
    for message in reversed(getattr(mail, "outbox", [])):
        if to in message.to:
            # Links in the mail quote the ":" of a key; the API wants the key itself.
            return HttpResponse(unquote(message.body), content_type="text/plain")
    return HttpResponse(status=404)
