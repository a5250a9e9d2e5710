"""The only page of the site that keeps something in the session: a note.

    GET   {"text": the note, "" if none}     401 when nobody is signed in
    POST  {"text": note}                     204, or 401

allauth has no such page, an application with allauth has many. The decorators are the ones that allauth puts around its
own views; they make the session of X-Session-Token, or of the cookie, the session of the request.
"""
import json

from allauth.headless.internal.decorators import app_view, browser_view
from django.http import HttpResponse, JsonResponse


def note(request):
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    if request.method == "POST":
        request.session["note"] = json.loads(request.body)["text"]
        return HttpResponse(status=204)
    return JsonResponse({"text": request.session.get("note", "")})


app, browser = app_view(note), browser_view(note)
