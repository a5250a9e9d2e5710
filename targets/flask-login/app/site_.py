"""A small site that uses Flask-Login as its documentation says, on Flask's own sessions (a signed cookie).

JSON in and out; which statuses mean what is in ../app.yaml.
"""
from flask import Flask, render_template_string, request, session
from flask_login import LoginManager, current_user, login_required, login_user, logout_user

import accounts
import scaffold

app = Flask(__name__)
app.config.update(
    SECRET_KEY="not secret: this site exists for the length of one test run on the loopback interface",
    SESSION_COOKIE_SAMESITE="Lax",  # HttpOnly is on by default, Secure would need https
)
app.register_blueprint(scaffold.pages)
login_manager = LoginManager(app)
login_manager.user_loader(accounts.by_token)


@app.after_request
def no_store(answer):
    answer.headers["Cache-Control"] = "no-store"
    return answer


@app.post("/login")
def login():
    data = request.get_json()
    account = accounts.by_name.get(data["user"])
    if account is None or account.password != data["password"] or not login_user(account):  # False: not active
        return "", 401
    return "", 204


@app.post("/logout")
def logout():
    logout_user()
    session.pop("note", None)
    return "", 204


@app.get("/whoami")
@login_required
def whoami():
    return {"user": current_user.name, "role": current_user.role}


@app.post("/signup")
def signup():
    data = request.get_json()
    return "", 201 if accounts.create(data["user"], data["password"]) else 409


@app.post("/users")
@login_required
def create_user():
    if current_user.role != "admin":
        return "", 403
    return signup()


@app.post("/password")
@login_required
def change_password():
    data = request.get_json()
    if current_user.password != data["current"] or not data["new"]:
        return "", 403
    me = current_user._get_current_object()
    accounts.set_password(me, data["new"])
    login_user(me)  # the session holds the old token; this one goes on
    return "", 204


@app.route("/note", methods=["GET", "POST"])
@login_required
def note():
    if request.method == "GET":
        return {"text": session.get("note", "")}
    session["note"] = request.get_json()["text"]
    return "", 204


HOME = """<!doctype html>
<title>home</title>
{% if current_user.is_authenticated %}
<p id="user">{{ current_user.name }}</p>
<form id="sign-out" method="post" action="/logout"><button>Sign out</button></form>
{% else %}
<p id="sign-in">Signed out.</p>
{% endif %}
"""


@app.get("/")
def home():
    return render_template_string(HOME)
