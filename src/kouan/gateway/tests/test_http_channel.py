"""HTTP to the national side: what each answer means, how much is read of it, and the played side at its own door."""

from __future__ import annotations

import http.client
import json
import socket
import threading

import httpx
import pytest

from kouan.gateway.counterparts.standard_edition import serving as serving_module
from kouan.gateway.counterparts.standard_edition.behaviour import Behaviour
from kouan.gateway.counterparts.standard_edition.ledger import Ledger
from kouan.gateway.counterparts.standard_edition.playing import MAX_BYTES, Counterpart
from kouan.gateway.counterparts.standard_edition.serving import HttpPlayer, serving
from kouan.gateway.standards.ceb.codec import decode, encode
from kouan.gateway.standards.ceb.tests.making import envelope_of, node_of
from kouan.gateway.standards.dxp.codec import read_report, wrap
from kouan.gateway.standards.dxp.types import Message, TransferInfo
from kouan.gateway.transports import Unreachable
from kouan.gateway.transports import http as transport_module
from kouan.gateway.transports.http import HttpInbox, HttpTransport
from kouan.gateway.transports.opening import Key, open_line

PLAIN = encode(envelope_of("621", node_of("621")))
INFO = TransferInfo("M1", "DXPENTDEMO000001", ["DXPEDCCEB0000002"], "2024-03-01T09:00:00", "CEB621Message")
WRAPPED = wrap(Message(INFO, PLAIN))


def client_saying(status: int, content: bytes = b"", **headers: str) -> httpx.Client:
    return httpx.Client(
        transport=httpx.MockTransport(lambda _: httpx.Response(status, content=iter([content]), headers=headers))
    )


def test_a_message_goes_under_its_name_to_its_place():
    asked = []
    client = httpx.Client(transport=httpx.MockTransport(lambda one: asked.append(one) or httpx.Response(202)))
    HttpTransport(client, "http://n/x/").send("a.xml", b"<a/>", maybe_sent=False)
    assert (asked[0].method, str(asked[0].url), asked[0].headers["X-File-Name"]) == (
        "POST",
        "http://n/x/messages",
        "a.xml",
    )
    assert asked[0].read() == b"<a/>"


@pytest.mark.parametrize(
    "address", ["", "http://", "no address", "http://127.0.0.1:1", "ftp://x", "http://[", "http://\x00"]
)
def test_an_address_that_leads_nowhere_is_an_outage_and_never_an_error(address):
    client = httpx.Client(trust_env=False)
    assert HttpTransport(client, address).send("a.xml", b"x", maybe_sent=False).outcome == "unreachable"
    with pytest.raises(Unreachable):
        HttpInbox(client, address).fetch(limit=1)


def test_an_endless_page_is_read_so_far_and_no_further(monkeypatch):
    monkeypatch.setattr(transport_module, "MAX_PAGE_BYTES", 200_000)
    given = []

    def endless():
        while True:
            given.append(1)
            yield b"x" * 65536

    client = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, content=endless())))
    with pytest.raises(Unreachable, match="more than"):
        HttpInbox(client, "http://n").fetch(limit=1)
    assert len(given) < 10


@pytest.mark.parametrize(
    "page",
    [b"", b"x", b"[]", b"{}", b'{"receipts": [{"receipt_id": 1, "body_base64": ""}]}', b'{"receipts": [{}]}',
     b'{"receipts": [{"receipt_id": "1", "body_base64": "e!=="}]}', b'{"receipts": "\xff"}', b"[" * 100_000],
)  # fmt: skip
def test_a_page_that_nobody_understands_is_an_outage(page):
    with pytest.raises(Unreachable, match="GET receipts"):
        HttpInbox(client_saying(200, page), "http://n").fetch(limit=1)
    with pytest.raises(Unreachable, match="HTTP 500"):
        HttpInbox(client_saying(500, page), "http://n").confirm(["a"])


def test_further_members_of_a_page_are_passed_over():
    page = b'{"receipts": [{"receipt_id": "1", "issuer": "national", "body_base64": "eA=="}], "more": 1}'
    (letter,) = HttpInbox(client_saying(200, page), "http://n").fetch(limit=1)
    assert (letter.key, letter.file_name, letter.data) == ("1", "", b"x")


# The played side at its own door --------------------------------------------------------------------------------------


@pytest.fixture
def played(tmp_path):
    with Ledger(tmp_path / "ledger.db") as ledger, httpx.Client(trust_env=False) as client:
        ledger.behaviour = Behaviour(seconds=1, endings={"release": 1})
        now = [1_700_000_000.0]
        with serving(HttpPlayer(Counterpart(ledger), lambda: now[0]), 0) as port:
            client.base_url = f"http://127.0.0.1:{port}"
            yield client, ledger, now, port


def test_an_envelope_is_answered_with_the_platforms_report(played):
    client, ledger, _, _ = played
    for _ in range(2):
        answer = client.post("/messages", content=WRAPPED)
        assert answer.status_code == 202
        report = read_report(answer.content)
        assert (report.receiver, report.responses[0].code) == (INFO.sender, "0")
        assert report.responses[0].original == INFO
    assert [node["version"] for node in ledger.list_nodes()] == [1]


def test_receipts_wait_until_they_are_confirmed(played):
    client, _, now, port = played
    assert client.post("/messages", content=PLAIN).content == b""
    assert client.get("/receipts").json() == {"receipts": []}
    now[0] += 3.5
    inbox = HttpInbox(client, f"http://127.0.0.1:{port}")
    first = inbox.fetch(limit=9)
    assert first == inbox.fetch(limit=9) and inbox.fetch(limit=1) == first[:1]
    assert [head.return_status for one in first for node in decode(one.data).nodes for head in [node.head]] == [
        "2",
        "3",
        "120",
    ]
    inbox.confirm([one.key for one in first])
    inbox.confirm([one.key for one in first])
    assert inbox.fetch(limit=9) == []


def test_what_cannot_be_read_is_answered_by_letter_and_a_broken_envelope_at_once(played):
    client, ledger, _, port = played
    assert client.post("/messages", content=PLAIN[:-9], headers={"X-File-Name": "CEB621_abc.xml"}).status_code == 202
    (letter,) = HttpInbox(client, f"http://127.0.0.1:{port}").fetch(limit=9)
    (node,) = decode(letter.data).nodes
    assert (node.head.return_status, node.head.original_message_id) == ("-0001", "CEB621_abc")
    answer = client.post("/messages", content=WRAPPED.replace(b"</dxp:Data>", b"!</dxp:Data>"))
    assert answer.status_code == 400 and "-1201001" in answer.text
    assert ledger.list_nodes() == []


def test_a_side_that_is_down_says_so_and_keeps_nothing(played):
    client, ledger, _, _ = played
    ledger.behaviour = Behaviour(mode="down")
    assert [client.post("/messages", content=PLAIN).status_code, client.get("/receipts").status_code] == [503, 503]
    assert ledger.list_nodes() == []


def test_a_side_that_asks_for_a_token_lets_in_nobody_else(tmp_path):
    with (
        Ledger(tmp_path / "ledger.db") as ledger,
        serving(HttpPlayer(Counterpart(ledger), token="right"), 0) as port,
    ):
        for token, status, outcome in [
            ("", 401, "unreachable"),
            ("wrong", 401, "unreachable"),
            ("right", 202, "delivered"),
        ]:
            with open_line(Key(token=token) if token else None) as line:
                sent = HttpTransport(line, f"http://127.0.0.1:{port}").send("a.xml", PLAIN, maybe_sent=False)
                assert sent.answer and (sent.answer.status, sent.outcome) == (status, outcome)
                inbox = HttpInbox(line, f"http://127.0.0.1:{port}")
                if status == 401:
                    with pytest.raises(Unreachable, match="凭证"):
                        inbox.fetch(limit=1)
        assert len(ledger.list_nodes()) == 1


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [("GET", "/", b"", 404), ("GET", "/receipts?limit=x", b"", 200), ("GET", "/receipts?limit=" + "9" * 50, b"", 200),
     ("GET", "/receipts?limit=-1", b"", 200), ("POST", "/other", b"x", 404), ("POST", "/receipts/confirm", b"x", 400),
     ("POST", "/receipts/confirm", b'{"receipt_ids": [1]}', 400), ("POST", "/receipts/confirm", b"{}", 400),
     ("POST", "/receipts/confirm", b'{"receipt_ids": []}', 200), ("POST", "/messages", b"", 202),
     ("PUT", "/messages", b"x", 501)],
)  # fmt: skip
def test_odd_requests(played, method, path, content, status):
    assert played[0].request(method, path, content=content).status_code == status


@pytest.mark.parametrize("length", [None, "x", "-1", str(MAX_BYTES + 1), "9" * 30])
def test_a_body_without_a_bound_is_not_read(played, length):
    connection = http.client.HTTPConnection("127.0.0.1", played[3], timeout=10)
    connection.putrequest("POST", "/messages")
    if length:
        connection.putheader("Content-Length", length)
    connection.endheaders()
    assert connection.getresponse().status in (411, 413)
    connection.close()


def test_a_body_that_breaks_off_is_not_taken(played):
    _, ledger, _, port = played
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(b"POST /messages HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(PLAIN) + PLAIN[:100])
        line.shutdown(socket.SHUT_WR)
        assert b" 400 " in line.recv(200)
    assert ledger.list_nodes() == []


def test_many_at_once(played):
    client, ledger, _, _ = played
    bodies = [encode(envelope_of("511", node_of("511"))).replace(b"YSW", b"YS%d" % one) for one in range(12)]
    threads = [threading.Thread(target=client.post, args=["/messages"], kwargs={"content": body}) for body in bodies]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(node["version"] for node in ledger.list_nodes()) == 12


def test_long_letters_come_in_several_pages(played, monkeypatch):
    monkeypatch.setattr(serving_module, "MOST_PAGE_BYTES", 1000)
    client, ledger, now, _ = played
    for one in range(3):
        ledger.lay(f"L{one}", b"x" * 800, (), now[0])
    names = [found["receipt_id"] for found in client.get("/receipts").json()["receipts"]]
    assert names == ["L0"]
    assert client.post("/receipts/confirm", json={"receipt_ids": names}).json() == {"confirmed": 1}
    assert json.loads(client.get("/receipts").content)["receipts"][0]["receipt_id"] == "L1"
