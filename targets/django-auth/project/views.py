"""What Django leaves to the site: a home page, who one is, a sign-up, and a note kept in the session."""
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import User
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.generic import CreateView


class SignUpForm(UserCreationForm):
    class Meta(UserCreationForm.Meta):
        model = User
        fields = ("username", "email")


class SignUp(CreateView):
    form_class = SignUpForm
    template_name = "form.html"
    success_url = "/accounts/login/"


def home(request):
    return render(request, "home.html")


def whoami(request):
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    return JsonResponse({"user": request.user.username})


def note(request):
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    if request.method == "POST":
        request.session["note"] = request.POST["text"]
        return HttpResponse(status=204)
    return JsonResponse({"text": request.session.get("note", "")})
