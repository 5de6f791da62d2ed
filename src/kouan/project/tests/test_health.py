"""Health checks."""

import pytest


def test_a_live_process_says_so(client):
    assert client.get("/health/live").json() == {"status": "live"}


@pytest.mark.django_db
def test_a_migrated_database_is_ready(client):
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "failed": {}}
