"""The database of a command: the server that DATABASE_URL names, or the cluster of the data folder.

`with running_django(data):` is all a command needs: the database answers and Django is set up inside it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from kouan.project import translations
from kouan.project.places import make_private_folder
from kouan.project.postgres.binaries import PostgresFailed, refuse_old
from kouan.project.postgres.cluster import Cluster
from kouan.project.secret import keep_secret_key


def is_given() -> bool:
    """Whether the environment names a server, so that none of ours is started."""
    return bool(os.environ.get("DATABASE_URL"))


def cluster_of(data: Path) -> Cluster:
    """Return the cluster of a data folder."""
    return Cluster(data / "database")


def check_given_server() -> None:
    """Ask the named server for its version; raises PostgresFailed where it does not answer or is too old."""
    try:
        with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=10) as connection:
            version = connection.info.server_version
    except psycopg.OperationalError as error:
        raise PostgresFailed(
            f"DATABASE_URL 指向的数据库没有应答：{error}\nThe database that DATABASE_URL names does not answer: {error}"
        ) from error
    refuse_old(version // 10000, "DATABASE_URL")


def is_empty() -> bool:
    """Whether the database has never been migrated."""
    with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=10) as connection:
        row = connection.execute("SELECT to_regclass('django_migrations') IS NULL").fetchone()
    return bool(row and row[0])


@contextmanager
def running_database(data: Path) -> Iterator[None]:
    """Have DATABASE_URL name a server that answers; one that we start is stopped at the end.

    A server that `./kouan up` runs on this data folder is shared, not started again.
    """
    if is_given():
        check_given_server()
        yield
        return
    make_private_folder(data)
    cluster = cluster_of(data)
    shared = cluster.exists and cluster.running_pid() is not None and cluster.is_ready()
    if not shared:
        cluster.start()
    os.environ["DATABASE_URL"] = cluster.url()
    try:
        yield
    finally:
        del os.environ["DATABASE_URL"]
        cluster.stop()


@contextmanager
def running_django(data: Path) -> Iterator[None]:
    """Have Django set up over a database that answers."""
    with running_database(data):
        set_up_django(data)
        try:
            yield
        finally:
            from django.db import connections

            connections.close_all()


@contextmanager
def prepared_django(data: Path) -> Iterator[None]:
    """Have Django set up over a database whose tables are made, also where `./kouan up` has never run."""
    with running_django(data):
        if is_empty():
            from django.core.management import call_command

            call_command("migrate", interactive=False, verbosity=0)
        yield


def set_up_django(data: Path) -> None:
    """Set up Django for a data folder; the database need not answer."""
    make_private_folder(data)
    keep_secret_key(data)
    translations.compile_catalogues()
    os.environ["KOUAN_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kouan.project.settings")
    import django

    django.setup()
