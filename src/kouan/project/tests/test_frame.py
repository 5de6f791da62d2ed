"""The frame around the apps: answers carry the security headers, copies of the database hold commits, pages open."""

import psycopg


def test_every_answer_carries_the_security_headers(client):
    headers = client.get("/health/live").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    script = next(part for part in policy.split(";") if part.strip().startswith("script-src"))
    assert "unsafe" not in script
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_a_copy_of_the_database_holds_commits_that_others_see(committed_database):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE seen (word text)")
        cursor.execute("INSERT INTO seen VALUES ('口岸')")
    with psycopg.connect(committed_database) as another:
        assert another.execute("SELECT word FROM seen").fetchall() == [("口岸",)]


def test_the_next_copy_is_a_fresh_one(committed_database):
    with psycopg.connect(committed_database) as another:
        assert another.execute("SELECT to_regclass('seen')").fetchone() == (None,)


def test_a_page_opens_in_the_browser(browser_page):
    answer = browser_page.goto("/health/ready")
    assert answer.status == 200
    assert "ready" in browser_page.content()
