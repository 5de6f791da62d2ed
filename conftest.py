"""What all tests share: a throw-away PostgreSQL, a copy of its database to commit in, and a browser.

`db` (or the mark django_db): a transaction that is rolled back. `committed_database`: a copy of the database, for
tests that need real commits, several connections or processes. `site`: the site served over such a copy.
`browser_page`: a page of a real browser; the test fails when the page complains. Tests with a page are journeys.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from kouan.project.chromium import FLAGS, NoBrowser, have_chromium
from kouan.project.postgres.cluster import TESTING, Cluster
from kouan.project.postgres.throw_away import throw_away_folder

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server", "committed_database"}


def pytest_configure(config: pytest.Config) -> None:
    """Serve static files as they lie in the sources, and translate from what is written now."""
    from django.conf import settings

    from kouan.project.translations import compile_catalogues

    compile_catalogues()
    # Playwright's loop runs in the thread of the tests, where Django would take it for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.WHITENOISE_USE_FINDERS = True
    settings.WHITENOISE_AUTOREFRESH = True
    settings.KOUAN_COUNT_SECONDS = 0  # a test looks at once
    settings.KOUAN_KEYS = tempfile.mkdtemp(prefix="kouan-keys-")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs the database as `service` and what needs a browser as `journey`; a fast run has no journeys."""
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or DATABASE_FIXTURES & names:
            item.add_marker(pytest.mark.service)
        if {"browser", "browser_page"} & names:
            item.add_marker(pytest.mark.journey)
    if os.environ.get("KOUAN_FAST"):
        left_out = [item for item in items if item.get_closest_marker("journey")]
        items[:] = [item for item in items if not item.get_closest_marker("journey")]
        config.hook.pytest_deselected(items=left_out)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Say at once, before any test has run, that there is no browser for the journeys."""
    if any(item.get_closest_marker("journey") for item in session.items) and not session.config.option.collectonly:
        try:
            have_chromium()
        except NoBrowser as hint:
            pytest.exit(str(hint), returncode=1)


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """A PostgreSQL of this session's own, in memory where possible, gone when the session ends."""
    folder = throw_away_folder()
    cluster = Cluster(folder, settings=dict(TESTING))
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres_cluster: Cluster) -> None:
    """Point Django to the throw-away cluster before it makes its test database."""
    from django.conf import settings

    from kouan.project.settings import database_from

    fresh = database_from(postgres_cluster.url(), pool_size=0)
    settings.DATABASES["default"].update({name: fresh[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")})
    # Tests that commit in the test database itself empty every table afterwards, the append-only ones too.
    settings.DATABASES["default"]["OPTIONS"]["options"] = "-c kouan.audit_may_be_emptied=on"


@pytest.fixture
def committed_database(
    postgres_cluster: Cluster, django_db_setup: None, django_db_blocker: Any, worker_id: str
) -> Iterator[str]:
    """A copy of the test database in which work may be committed; its address, for other processes."""
    from kouan.project.testing import database_copy, have_test_database

    with (
        django_db_blocker.unblock(),
        have_test_database(),
        database_copy(postgres_cluster, f"kouan_copy_{worker_id}") as address,
    ):
        yield address


@pytest.fixture
def site(committed_database: str) -> Iterator[str]:
    """The address of the site, served over a database of its own."""
    from kouan.project.testing import served_site

    with served_site() as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys."""
    from django.db import connections
    from playwright.sync_api import sync_playwright

    # Playwright's loop moves Django's connections of this thread out of sight, and back at its end.
    connections.close_all()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=have_chromium(), args=FLAGS)
        yield chromium
        chromium.close()
        connections.close_all()


@pytest.fixture
def browser_page(browser: Browser, site: str) -> Iterator[Page]:
    """A fresh page in Chinese and in the time of Wuhan, over `site`; relative addresses work.

    Fails where the page's scripts fail or the content security policy refuses something.
    """
    from kouan.project.testing import PageComplaints

    context = browser.new_context(
        base_url=site, locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1440, "height": 900}
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    complaints = PageComplaints(page)
    yield page
    context.close()
    assert not complaints.found, "\n".join(complaints.found)
