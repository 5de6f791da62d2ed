"""The signature, against the published example of Standard Webhooks and against forgery."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from kouan.notices.signing import headers_of, make_secret, sign

KEY = b"a key of thirty-two bytes, or so"
ENDPOINT = UUID("01890a5d-ac96-774b-bcce-b302099a8057")


def test_the_published_example():
    """Source: the reference libraries of Standard Webhooks, their test of signing."""
    signature = sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_every_endpoint_and_every_number_has_its_own_secret():
    other = UUID(int=ENDPOINT.int + 1)
    secrets = {make_secret(KEY, one, number) for one in (ENDPOINT, other) for number in (1, 2)}
    assert len(secrets) == 4
    assert make_secret(KEY, ENDPOINT, 1) == make_secret(KEY, ENDPOINT, 1)


def test_while_a_key_is_turned_both_sign():
    at = datetime(2026, 11, 23, tzinfo=UTC)
    old, new = make_secret(KEY, ENDPOINT, 1), make_secret(KEY, ENDPOINT, 2)
    headers = headers_of([new, old], message_id="e1", at=at, body=b"{}")
    timestamp = int(headers["webhook-timestamp"])
    assert headers["webhook-signature"].split() == [
        sign(secret, message_id="e1", timestamp=timestamp, body=b"{}") for secret in (new, old)
    ]
    assert sign(new, message_id="e1", timestamp=timestamp + 1, body=b"{}") not in headers["webhook-signature"]
    assert sign(new, message_id="e1", timestamp=timestamp, body=b"{ }") not in headers["webhook-signature"]


def test_the_example_of_the_how_to_takes_what_we_sign_and_nothing_else():
    text = (Path(__file__).parents[4] / "docs" / "howto" / "receive-webhooks.md").read_text(encoding="utf-8")
    names: dict = {}
    exec(text.partition("```python\n")[2].partition("```")[0], names)
    is_genuine = names["is_genuine"]
    secret, at = make_secret(KEY, ENDPOINT, 1), datetime.now(UTC)
    headers = headers_of([make_secret(KEY, ENDPOINT, 2), secret], message_id="e1", at=at, body=b"{}")
    assert is_genuine(secret, headers, b"{}")
    assert not is_genuine(secret, headers, b"{ }")
    assert not is_genuine(make_secret(KEY, ENDPOINT, 3), headers, b"{}")
    old = headers_of([secret], message_id="e1", at=at - timedelta(minutes=10), body=b"{}")
    assert not is_genuine(secret, old, b"{}")
