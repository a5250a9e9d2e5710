"""The accounts, in memory."""
import itertools
import secrets
import threading

from flask_login import UserMixin

_ids = itertools.count(1)
by_name = {}
lock = threading.Lock()


class Account(UserMixin):
    """One account. Passwords are kept in clear: how they are kept concerns no session, and a run signs in many times."""

    def __init__(self, name, password, role):
        self.id, self.name, self.password, self.role, self.active = next(_ids), name, password, role, True
        self.new_token()

    def new_token(self):
        """What Flask-Login's documentation calls an alternative token: the session holds it instead of the id, so
        that a new one ends the account's sessions."""
        self.token = f"{self.id}.{secrets.token_hex(8)}"

    def get_id(self):
        return self.token

    @property
    def is_active(self):
        return self.active


def create(name, password, role="user"):
    """Make an account; None if the name is taken."""
    with lock:
        if not name or not password or name in by_name:
            return None
        account = by_name[name] = Account(name, password, role)
        return account


def by_token(token):
    """The account whose sessions hold the token; None if there is none, or if it is switched off."""
    with lock:
        return next((a for a in by_name.values() if a.token == token and a.active), None)


def set_password(account, password):
    account.password = password
    account.new_token()
