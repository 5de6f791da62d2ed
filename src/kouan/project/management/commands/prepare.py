"""Brings the database's tables and the static files up to date; may be run again at any time."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

MIGRATION_LOCK = 0x6B6F7561_6E000001  # "kouan", 1: held by whoever migrates


class Command(BaseCommand):
    """Migrates under a lock; gathers the static files meanwhile."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Do both."""
        with ThreadPoolExecutor(max_workers=1) as beside:
            static_files = beside.submit(gather_static_files)
            migrate()
            static_files.result()


def migrate() -> None:
    """Migrate, one process at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
    try:
        call_command("migrate", interactive=False, verbosity=0)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def gather_static_files() -> None:
    """Copy, number and compress the static files, unless none has changed since the last time."""
    stamp = Path(settings.STATIC_ROOT) / "gathered.sha256"
    found = digest_of_static_files()
    if not stamp.exists() or stamp.read_text() != found:
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        stamp.write_text(found)


def digest_of_static_files() -> str:
    """Return a digest of the names, sizes and times of all static files."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
