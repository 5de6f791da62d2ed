"""What the tests' fixtures are made of: copies of the test database, a served site, clean pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.db.backends.base.creation import TEST_DATABASE_PREFIX
from django.test.testcases import LiveServerThread
from psycopg import sql

from kouan.project.postgres.cluster import Cluster


@contextmanager
def have_test_database() -> Iterator[None]:
    """Make the test database where pytest-django did not: it looks for tests with `db`, and a run may have none."""
    connection = connections["default"]
    if not connection.settings_dict["NAME"].startswith(TEST_DATABASE_PREFIX):
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
    yield


@contextmanager
def database_copy(cluster: Cluster, name: str) -> Iterator[str]:
    """Point Django to a copy of the test database, in which a test may commit; yields its address."""
    connections.close_all()
    settings = connections["default"].settings_dict
    original = settings["NAME"]
    copy, template = sql.Identifier(name), sql.Identifier(original)
    with psycopg.connect(cluster.url(superuser=True), autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(copy))
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER kouan").format(copy, template))
        settings["NAME"] = name
        try:
            yield cluster.url().rpartition("/")[0] + f"/{name}"
        finally:
            connections.close_all()
            settings["NAME"] = original
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(copy))


@contextmanager
def served_site() -> Iterator[str]:
    """Serve the site from a thread, static files included; yields its address."""
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    try:
        yield f"http://127.0.0.1:{thread.port}"
    finally:
        thread.terminate()
        thread.join()


_NO_FAULT = ("Failed to load resource", "htmx:sendAbort", "htmx:afterRequest")


class PageComplaints:
    """What a page reports against itself: exceptions of scripts, and what the content security policy refused."""

    def __init__(self, page: Any) -> None:
        self.found: list[str] = []
        page.on("pageerror", lambda error: self.found.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self.take(page.url, message))

    def take(self, url: str, message: Any) -> None:
        """Keep errors of the console; an answer such as 403 or 422 may be just what a test asks for, and a request that
        a newer one or another page takes over is given up."""
        if message.type == "error" and not message.text.startswith(_NO_FAULT):
            self.found.append(f"{url}: {message.text}")
