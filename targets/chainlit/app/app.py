"""The smallest Chainlit app that shows a session: it keeps a note and reads it back.

Its accounts are rows of a SQLite file (environment: CHAINLIT_ACCOUNTS); `manage` beside this file writes them.
"""

import hmac
import os
import sqlite3

import chainlit as cl


@cl.password_auth_callback
def authenticate(username: str, password: str):
    with sqlite3.connect(os.environ["CHAINLIT_ACCOUNTS"]) as db:
        row = db.execute("SELECT password FROM accounts WHERE name = ?", (username,)).fetchone()
    if row and hmac.compare_digest(row[0].encode(), password.encode()):
        return cl.User(identifier=username)
    return None


@cl.on_message
async def answer(message: cl.Message):
    word, _, text = message.content.partition(" ")
    if word == "note":
        cl.user_session.set("note", text)
        await cl.Message(content="noted").send()
    else:
        await cl.Message(content="note=" + (cl.user_session.get("note") or "")).send()


if cl.__version__.startswith("1."):
    # Before 2.0.0 no end point says who is signed in. This one asks Chainlit's own check of the token; it stands before
    # the catch-all page.
    from chainlit.auth import get_current_user
    from chainlit.server import app as server
    from fastapi import Depends, Response

    async def me(response: Response, user=Depends(get_current_user)):
        response.headers["Cache-Control"] = "no-store"
        return {"identifier": user.identifier}

    server.add_api_route("/me", me)
    server.router.routes.insert(0, server.router.routes.pop())
