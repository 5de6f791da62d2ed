"""The jobs of clearance, as the worker runs them: each in a thread that has asked nothing of the database yet."""

from __future__ import annotations

from threading import Thread

from django.db import connection

from kouan.clearance.jobs import sweep_held


def test_the_sweep_runs_in_a_fresh_thread(committed_database, django_db_blocker):
    failures: list[Exception] = []

    def run() -> None:
        try:
            sweep_held(timestamp=1_795_434_060)
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    with django_db_blocker.unblock():
        worker = Thread(target=run)
        worker.start()
        worker.join()
    assert not failures
