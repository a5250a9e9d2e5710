"""Drives the shop beside it for sessionspec: lines of JSON in, lines of JSON out (docs/drivers.md)."""

import hmac
import json
import sys

ROUTES = {
    "create_user": ("POST", "/signup", {"name": "user", "password": "password"}),
    "sign_in": ("POST", "/login", {"name": "user", "password": "password"}),
    "whoami": ("GET", "/me", None),
    "sign_out": ("POST", "/logout", None),
    "change_password": ("POST", "/password", {"password": "password", "new": "new_password"}),
}


def say(answer):
    print(json.dumps(answer), flush=True)


def request(id, method, path, token, body):
    """Has the harness send a request as the client, and returns the answer."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = "Bearer " + token
        headers["X-Signature"] = hmac.new(token.encode(), f"{method} {path}".encode(), "sha256").hexdigest()
    say({"id": id, "request": {"method": method, "url": path, "headers": headers, "body": body}})
    answer = json.loads(sys.stdin.readline())["response"]
    if "error" in answer:
        raise RuntimeError(f"{method} {path}: {answer['error']}")
    return answer


def perform(asked):
    call, client = asked["call"], asked["client"]
    method, path, fields = ROUTES[call["do"]]
    body = json.dumps({k: call[v] for k, v in fields.items() if v in call}) if fields else ""
    answer = request(asked["id"], method, path, client["kept"].get("credential"), body)
    if answer["status"] >= 500:
        raise RuntimeError(f"{method} {path} answered {answer['status']}")
    if answer["status"] >= 400:
        return {"outcome": "refused", "why": str(answer["status"])}
    said = json.loads(answer["body"] or "{}")
    result = {"outcome": "ok"}
    if "name" in said:
        result["name"] = said["name"]
    if "token" in said:
        result["keep"] = {"credential": said["token"]}
    return result


for line in sys.stdin:
    asked = json.loads(line)
    try:
        say({"id": asked["id"], **perform(asked)})
    except Exception as e:  # trouble, and no verdict about the shop
        say({"id": asked["id"], "error": f"{type(e).__name__}: {e}"})
