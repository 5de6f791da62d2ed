"""Brings the database's tables and the static files up to date; may be run again at any time."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

MIGRATION_LOCK = 0x6B6F7561_6E000001  # "kouan", 1: held by whoever migrates


class Command(BaseCommand):
    """Migrates under a lock, then gathers the static files."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Do both."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            call_command("migrate", interactive=False, verbosity=0)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])
        call_command("collectstatic", interactive=False, verbosity=0)
