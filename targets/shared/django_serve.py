"""The server of `manage.py runserver` without its checks and reloader: one thread per connection, on 127.0.0.1.

usage: django_serve.py PROJECT PORT      PROJECT has settings.py; its database is made or brought up to date first
"""
import os
import sys

project, port = sys.argv[1:]
sys.path.insert(0, project)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")

from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application


class Server(ThreadedWSGIServer):
    daemon_threads = True
    # Many clients may connect at one instant; above the backlog a connection waits a whole second for its next try.
    request_queue_size = 256


application = get_wsgi_application()  # before listening: who can connect gets an answer
call_command("migrate", verbosity=0)
server = Server(("127.0.0.1", int(port)), WSGIRequestHandler)
server.set_app(application)
server.serve_forever()
