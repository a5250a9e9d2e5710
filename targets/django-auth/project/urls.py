"""Django's own views for accounts, the admin, and a few of ours; /_test/ is answered by scaffold before any of these."""
from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path
from django.views.decorators.cache import never_cache

import views

urlpatterns = [
    path("", never_cache(views.home)),
    path("whoami", never_cache(views.whoami)),
    path("note", never_cache(views.note)),
    path("signup", views.SignUp.as_view()),
    path("accounts/", include("django.contrib.auth.urls")),
    path("admin/", admin.site.urls),
]
