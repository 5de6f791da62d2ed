"""Answers to a posted message, from a real server: what each is, and how the attempt ends by it."""

from __future__ import annotations

import random
import threading
from datetime import UTC, datetime

import pytest

from kouan.gateway.codes import Heard, Outcome
from kouan.gateway.services.hearing import Hearing, hear
from kouan.gateway.standards.ceb.answers import answer, format_answer, message_of
from kouan.gateway.standards.ceb.codec import encode
from kouan.gateway.standards.ceb.tests.making import envelope_of, node_of
from kouan.gateway.standards.dxp.codec import wrap, write_report
from kouan.gateway.standards.dxp.types import Message, Report, Response, TransferInfo
from kouan.gateway.tests.answering import answering, saying
from kouan.gateway.transports import Answer, Sent
from kouan.gateway.transports import http as transport_module
from kouan.gateway.transports.http import HttpTransport
from kouan.gateway.transports.opening import open_line
from kouan.records.problems import Problem

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
INFO = TransferInfo("M1", "DXPENTDEMO000001", ["DXPEDCCEB0000002"], "2026-03-02T09:00:00", "CEB621Message")
PLAIN = encode(envelope_of("621", node_of("621")))
GUID = "4CEF6CCD-E1DB-4E33-A1F9-5FC4D7BF0B8A"
HEAD = answer("621", node_of("621").head, status="120", info="入库", at=AT, guid=GUID, as_counterpart=True)
RECEIPT = encode(message_of("621", [HEAD], guid=GUID), strict=False)
FAULT = Problem("0002", "", "error", "不能通过 schema 验证", "not valid", "请改正", "mend it")
FORMAT_FAULT = encode(format_answer(FAULT, PLAIN, message_id="M1", kind="621", at=AT, guid=GUID), strict=False)


def report(*codes: str) -> bytes:
    return write_report(
        Report("DXPENTDEMO000001", [Response(code, "说明", notice_date="2026-03-02", original=INFO) for code in codes])
    )


def enveloped(data: bytes) -> bytes:
    return wrap(Message(INFO, data))


def heard_from(say) -> Hearing:
    with answering(say) as other, open_line(None) as line:
        hearing = hear(HttpTransport(line, other.address).send("a.xml", PLAIN, maybe_sent=False))
    assert hearing is not None
    return hearing


TAKEN, AGAIN, NEVER = Outcome.DELIVERED, Outcome.UNREACHABLE, Outcome.REFUSED


@pytest.mark.parametrize(
    ("status", "body", "kind", "heard", "outcome", "brings_letter"),
    [
        (202, report("0"), "application/xml", Heard.REPORT, TAKEN, False),
        (200, report("0", "-1201001"), "application/xml", Heard.REPORT, NEVER, False),
        (200, report("-1201008"), "application/xml", Heard.REPORT, AGAIN, False),
        (200, report("-1201005", "-1201002"), "application/xml", Heard.REPORT, NEVER, False),
        (200, report("-77"), "application/xml", Heard.REPORT, NEVER, False),
        (200, RECEIPT, "application/xml", Heard.RECEIPT, TAKEN, True),
        (200, FORMAT_FAULT, "application/xml", Heard.FORMAT_FAULT, NEVER, True),
        (200, enveloped(RECEIPT), "text/xml", Heard.ENVELOPE, TAKEN, True),
        (200, enveloped(FORMAT_FAULT), "text/xml", Heard.FORMAT_FAULT, NEVER, True),
        (200, enveloped(PLAIN), "text/xml", Heard.OTHER, TAKEN, False),
        (200, PLAIN, "application/xml", Heard.OTHER, TAKEN, False),
        (200, b"", "", Heard.EMPTY, TAKEN, False),
        (204, b"", "", Heard.EMPTY, TAKEN, False),
        (200, b" \r\n", "text/plain", Heard.EMPTY, TAKEN, False),
        (200, b"OK", "text/plain", Heard.OTHER, TAKEN, False),
        (200, b'{"messages": []}', "application/json", Heard.OTHER, TAKEN, False),
        (200, b"<ok/>", "application/xml", Heard.OTHER, TAKEN, False),
        (200, b"<DxpRep><Res", "application/xml", Heard.UNREADABLE, TAKEN, False),
        (200, enveloped(RECEIPT)[:-30], "application/xml", Heard.UNREADABLE, TAKEN, False),
        (200, b"<!DOCTYPE html><html><body>login</body></html>", "", Heard.WEB_PAGE, AGAIN, False),
        (200, b"<html/>", "application/xml", Heard.WEB_PAGE, AGAIN, False),
        (200, b"hello", "text/html; charset=utf-8", Heard.WEB_PAGE, AGAIN, False),
        (400, b'{"problems": [{"zh": "bad"}]}', "application/json", Heard.REFUSAL, NEVER, False),
        (422, RECEIPT, "application/xml", Heard.REFUSAL, NEVER, False),
        (404, b"no such page", "text/plain", Heard.REFUSAL, AGAIN, False),
        (401, b"who are you", "text/plain", Heard.DENIED, AGAIN, False),
        (403, b"", "", Heard.DENIED, AGAIN, False),
        (301, b"", "", Heard.REDIRECT, AGAIN, False),
        (307, b"", "", Heard.REDIRECT, AGAIN, False),
        (500, b"<html>oops</html>", "text/html", Heard.FAULT, AGAIN, False),
        (503, b"", "", Heard.FAULT, AGAIN, False),
    ],
)
def test_every_answer_has_its_outcome(status, body, kind, heard, outcome, brings_letter):
    hearing = heard_from(saying(status, body, kind, Location="http://localhost:1/elsewhere"))
    assert (hearing.heard, hearing.outcome) == (heard, outcome)
    assert hearing.letter == (body if brings_letter else None)
    assert " / " in hearing.detail, "said in both languages"


def test_a_redirect_is_never_followed():
    with (
        answering(saying(200)) as elsewhere,
        answering(saying(302, Location=elsewhere.address)) as other,
        open_line(None) as line,
    ):
        sent = HttpTransport(line, other.address).send("a.xml", b"x", maybe_sent=False)
    assert (sent.outcome, len(other.asked), elsewhere.asked) == ("unreachable", 1, [])


def test_an_endless_answer_is_read_to_its_bound_and_the_message_counts_as_taken(monkeypatch):
    monkeypatch.setattr(transport_module, "MAX_ANSWER_BYTES", 100_000)
    over = threading.Event()

    def endless(handler):
        handler.send_response(200)
        handler.end_headers()
        while not over.is_set():
            handler.wfile.write(b"x" * 65536)

    with answering(endless) as other, open_line(None) as line:
        sent = HttpTransport(line, other.address).send("a.xml", PLAIN, maybe_sent=False)
        over.set()
    hearing = hear(sent)
    assert hearing and (hearing.heard, hearing.outcome) == (Heard.TOO_LONG, TAKEN)
    assert sent.answer and len(sent.answer.body) == 100_000


def test_an_answer_that_drips_is_left_and_the_message_sent_again(monkeypatch):
    monkeypatch.setattr(transport_module, "WHOLE_SECONDS", 0.0)
    over = threading.Event()

    def dripping(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        while not over.wait(0.01):
            handler.wfile.write(b"x")

    with answering(dripping) as other, open_line(None) as line:
        hearing = hear(HttpTransport(line, other.address).send("a.xml", PLAIN, maybe_sent=False))
        over.set()
    assert hearing and (hearing.heard, hearing.outcome) == (Heard.BROKE_OFF, AGAIN)


def test_an_answer_that_stops_half_way_times_out_and_the_message_is_sent_again(monkeypatch):
    monkeypatch.setattr(transport_module, "TIMEOUT_SECONDS", 0.3)
    over = threading.Event()

    def stopping(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(RECEIPT)))
        handler.end_headers()
        handler.wfile.write(RECEIPT[:50])
        handler.wfile.flush()
        over.wait(20)

    with answering(stopping) as other, open_line(None) as line:
        sent = HttpTransport(line, other.address).send("a.xml", PLAIN, maybe_sent=False)
        over.set()
    hearing = hear(sent)
    assert hearing and (hearing.heard, hearing.outcome) == (Heard.BROKE_OFF, AGAIN)
    assert sent.answer and sent.answer.body == RECEIPT[:50]


def test_a_line_that_breaks_before_the_answer_has_no_answer():
    def hanging_up(handler):
        handler.connection.close()

    with answering(hanging_up) as other, open_line(None) as line:
        sent = HttpTransport(line, other.address).send("a.xml", PLAIN, maybe_sent=False)
    assert (sent.outcome, sent.answer, hear(sent)) == ("unreachable", None, None)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_comes_back_is_judged_and_never_breaks(seed):
    draw = random.Random(seed)
    seeds = [report("0"), RECEIPT, FORMAT_FAULT, enveloped(RECEIPT), b"<html>", b"{}", b"<CEB900Message/>",
             b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><DxpRep>&b;</DxpRep>", b"PK\x03\x04"]  # fmt: skip
    for _ in range(150):
        body = bytearray(draw.choice(seeds))
        for _ in range(draw.randint(0, 12)):
            place = draw.randrange(len(body) + 1)
            body[place : place + draw.randint(0, 9)] = draw.randbytes(draw.randint(0, 5))
        status = draw.choice([200, 202, 302, 400, 401, 500])
        outcome = {200: "delivered", 202: "delivered", 400: "refused"}.get(status, "unreachable")
        said = Answer(status, draw.choice(["", "text/html", "application/xml"]), bytes(body))
        hearing = hear(Sent(outcome, "x", said))
        assert hearing is not None and hearing.outcome in Outcome.values and hearing.heard in Heard.values
