"""The threaded server of werkzeug, as `flask run` has it, without its words on every request.

usage: serve.py PORT
"""
import logging
import sys

from werkzeug.serving import make_server

from site_ import app

logging.getLogger("werkzeug").setLevel(logging.ERROR)
make_server("127.0.0.1", int(sys.argv[1]), app, threaded=True).serve_forever()
