"""A small service for the example beside it: every request of a session is signed with the session's token.

Python's standard library is all it takes: python3 shop.py PORT
"""

import hashlib
import hmac
import json
import secrets
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

lock = threading.Lock()
accounts = {}  # name: (salt, hash)
sessions = {}  # digest of the token: name


def hashed(password, salt):
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 1000)


def account(password):
    salt = secrets.token_bytes(16)
    return salt, hashed(password, salt)


def opens(name, password):
    with lock:
        salt, want = accounts.get(name, (b"", b""))
    return bool(salt) and hmac.compare_digest(want, hashed(password, salt))


def digest(token):
    return hashlib.sha256(token.encode()).hexdigest()


class Shop(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # an answer in one packet: in two, the second waits for the first to be acknowledged

    def log_message(self, *_):
        pass

    def answer(self, status, body=None):
        data = json.dumps(body).encode() if body is not None else b""
        self.send_response(status)
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def session(self):
        """The digest of the request's token, and whose session it is; a bad signature is nobody's."""
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            want = hmac.new(token.encode(), f"{self.command} {self.path}".encode(), "sha256").hexdigest()
            good = hmac.compare_digest(want, self.headers.get("X-Signature", ""))
        except (TypeError, UnicodeError):
            good = False
        with lock:
            return digest(token), sessions.get(digest(token)) if good else None

    def body(self):
        try:
            given = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        except ValueError:
            return {}
        return {k: v for k, v in given.items() if isinstance(v, str)} if isinstance(given, dict) else {}

    def do_GET(self):
        if self.path == "/health":
            return self.answer(200)
        _, name = self.session()
        if self.path != "/me" or not name:
            return self.answer(401 if self.path == "/me" else 404)
        self.answer(200, {"name": name})

    def do_POST(self):
        given = self.body()
        name, password = given.get("name", ""), given.get("password", "")
        if self.path == "/signup":
            made = account(password)
            with lock:
                taken = name in accounts or not name or not password
                if not taken:
                    accounts[name] = made
            return self.answer(409 if taken else 201)
        if self.path == "/login":
            if not opens(name, password):
                return self.answer(401)
            old, _ = self.session()
            return self.begin(name, [old])
        key, name = self.session()
        if self.path == "/logout":
            if name:
                with lock:
                    sessions.pop(key, None)
            return self.answer(204)
        if self.path == "/password":
            if not name or not given.get("new") or not opens(name, password):
                return self.answer(401)
            made = account(given["new"])
            with lock:
                accounts[name] = made
                old = [k for k, whose in sessions.items() if whose == name]
            return self.begin(name, old)
        self.answer(404)

    def begin(self, name, ended):
        token = secrets.token_urlsafe(24)
        with lock:
            for key in ended:
                sessions.pop(key, None)
            sessions[digest(token)] = name
        self.answer(200, {"token": token})


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Shop).serve_forever()
