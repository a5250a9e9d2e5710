"""What an operator does to accounts, below /_test/. Loopback only, as the whole site. It reads and writes no session.

POST /_test/NAME   {"user": name, ...}; 204, 404 no such account, 409 exists already
"""
from flask import Blueprint, request

import accounts

pages = Blueprint("scaffold", __name__)


@pages.post("/_test/create")
def create():
    data = request.get_json()
    return "", 204 if accounts.create(data["user"], data["password"], data["role"]) else 409


@pages.post("/_test/delete")
def delete():
    with accounts.lock:
        return "", 204 if accounts.by_name.pop(request.get_json()["user"], None) else 404


@pages.post("/_test/<name>")
def change(name):
    data = request.get_json()
    account, change = accounts.by_name.get(data["user"]), CHANGES.get(name)
    if account is None or change is None:
        return "", 404
    change(account, data)
    return "", 204


CHANGES = {
    "disable": lambda a, data: setattr(a, "active", False),
    "enable": lambda a, data: setattr(a, "active", True),
    "set_role": lambda a, data: setattr(a, "role", data["role"]),
    "set_password": lambda a, data: accounts.set_password(a, data["password"]),
    "revoke_all": lambda a, data: a.new_token(),
}
