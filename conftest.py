"""What all tests share: a throw-away PostgreSQL that starts when the first test asks for it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from kouan.project.postgres.cluster import TESTING, Cluster, throw_away_folder


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs the database as `service`; leave the journeys out of a fast run."""
    databases = {"db", "transactional_db", "django_db_setup", "live_server"}
    for item in items:
        if item.get_closest_marker("django_db") or databases & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.service)
    if os.environ.get("KOUAN_FAST"):
        left_out = [item for item in items if item.get_closest_marker("journey")]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


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
