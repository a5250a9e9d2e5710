"""manage.py adduser NAME PASSWORD EMAIL [--role admin]: an account is made by a second process, beside a running server."""
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from scaffold import accounts


class Command(BaseCommand):
    help = "Make an account with a verified e-mail address."

    def add_arguments(self, parser):
        parser.add_argument("user")
        parser.add_argument("password")
        parser.add_argument("email")
        parser.add_argument("--role", choices=["user", "admin"], default="user")

    def handle(self, user, password, email, role, **options):
        try:
            accounts.create(user, password, email, role)
        except IntegrityError as e:
            raise CommandError(f"cannot make {user}: {e}")
