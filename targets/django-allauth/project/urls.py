"""The paths of allauth and one of our own; /_test/ is answered by scaffold.middleware before any of these."""
from django.urls import include, path

import notes

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("_allauth/", include("allauth.headless.urls")),
    path("notes/app", notes.app),
    path("notes/browser", notes.browser),
]
