"""A session store that is never empty: the founding defect on any release of allauth.

allauth and Django both decide by is_empty() whether a session that sign-out has just cleared is worth storing
(allauth.headless.internal.sessionkit and authkit; django.contrib.sessions.middleware). With the answer "no, not empty"
they store it and hand out its key: the state before allauth pull requests 3785 and 3800.
"""
from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    def is_empty(self):
        return False
