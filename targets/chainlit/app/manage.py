"""Accounts of the app: manage.py init | add NAME PASSWORD (exit 3: the name is taken)."""

import os
import sqlite3
import sys


def main(verb, *args):
    db = sqlite3.connect(os.environ["CHAINLIT_ACCOUNTS"], timeout=20)
    with db:
        if verb == "init":
            db.execute("CREATE TABLE IF NOT EXISTS accounts (name TEXT PRIMARY KEY, password TEXT NOT NULL)")
        elif verb == "add":
            try:
                db.execute("INSERT INTO accounts VALUES (?, ?)", args)
            except sqlite3.IntegrityError:
                sys.exit(3)
        else:
            sys.exit(__doc__)
    db.close()


main(*sys.argv[1:])
