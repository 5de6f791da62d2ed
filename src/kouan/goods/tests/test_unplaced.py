"""Answers for unknown numbers wait in the open until the office places or explains them; envelopes are opened."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from kouan.accounts.access import NotAllowed, NotYours
from kouan.accounts.codes import Role
from kouan.accounts.factories import make_user
from kouan.gateway.models import Receipt
from kouan.gateway.services.leaving import leaving
from kouan.gateway.standards.dxp.codec import wrap
from kouan.gateway.standards.dxp.types import Message, TransferInfo
from kouan.goods import factories as make
from kouan.goods import selectors
from kouan.goods.models import GoodsAnswer
from kouan.goods.services.unplaced import explain_answer, place_answer
from kouan.kernel.dates import CHINA_TIME
from kouan.kernel.identifiers import uuid7_at

AT = datetime(2026, 11, 23, 10, tzinfo=CHINA_TIME)
pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Any:
    firm = make.make_agent()
    channel, window = make.make_channel(firm.pk), make.make_window(firm.pk)
    make.send(channel, make.make_message(), at=AT)
    at = AT + timedelta(minutes=5)
    make.hear(window, make.channel_said("L", at, seq_no="I00000000000000077"), at=at)
    return make.the_declaration(), firm, window


def _office() -> Any:
    from kouan.accounts.factories import make_organisation

    return make_user(Role.PORT_OFFICE_CLERK, organisation=make_organisation("port_office"))


def test_the_office_places_an_answer_and_it_goes_back_untouched(world) -> None:
    row, _firm, _window = world
    office = _office()
    answer = GoodsAnswer.objects.get(declaration_id__isnull=True)
    assert selectors.count_unplaced(office) == 1 and row.state == "sent"
    place_answer(user=office, message_id=answer.message_id, place=1, number=row.client_no, reason="核对无误", at=AT)
    row.refresh_from_db()
    assert (row.state, row.seq_no, row.entry_no) == ("received", "I00000000000000077", "470020261000000001")
    assert selectors.count_unplaced(office) == 0
    assert Receipt.objects.filter(source_message_id=answer.message_id, answers=row.message_id).count() == 1


def test_an_answer_is_not_laid_on_a_declaration_with_another_number(world) -> None:
    row, _firm, window = world
    make.hear(window, make.imported(row.client_no, seq_no="I00000000000000001"), at=AT)
    answer = GoodsAnswer.objects.get(declaration_id__isnull=True)
    given = {"user": _office(), "message_id": answer.message_id, "place": 1, "at": AT}
    with pytest.raises(NotAllowed) as refused:
        place_answer(**given, number=row.client_no, reason="核对")
    assert refused.value.problem.code == "-961052"
    with pytest.raises(NotAllowed):
        place_answer(**given, number="nothing", reason="核对")
    explain_answer(**given, explanation="企业直接在国家页面申报，未经本平台")
    answer.refresh_from_db()
    assert answer.explained_at == AT and answer.declaration_id is None


def test_nobody_but_the_office_sees_or_places_them(world, client) -> None:
    row, firm, _window = world
    answer = GoodsAnswer.objects.get(declaration_id__isnull=True)
    clerk = make_user(Role.TRADER_CLERK, organisation=firm)
    with pytest.raises(Exception) as refused:
        place_answer(user=clerk, message_id=answer.message_id, place=1, number=row.client_no, reason="x", at=AT)
    assert refused.type in (NotAllowed, NotYours)
    assert not selectors.list_unplaced(clerk).exists()
    client.force_login(_office())
    page = client.get(reverse("unplaced-goods")).content.decode()
    assert "I00000000000000077" in page
    url = reverse("unplaced-goods-answer", args=[answer.message_id, 1])
    assert "落位" in client.get(url).content.decode()
    assert client.post(url, {"do": "place", "number": row.client_no, "reason": "核对"}).status_code == 302


def _wrapped(raw: bytes, number: str = "1") -> bytes:
    info = TransferInfo(message_id=f"KDXP{number}", sender="DXPENT0000000001", receivers=["DXPESW0000000001"],
                        created="2026-11-23T10:00:00+08:00", message_type="DECCUSSH1")  # fmt: skip
    return wrap(Message(info, raw))


def test_a_declaration_in_an_envelope_is_opened_stored_and_sent_on_without_it(tmp_path) -> None:
    firm = make.make_agent()
    channel, window = make.make_channel(firm.pk), make.make_window(firm.pk)
    bare = make.make_message()
    make.send(channel, _wrapped(bare), at=AT)
    row = make.the_declaration()
    assert row.state == "sent" and selectors.read_version(row.message_id).declaration.head.agent_name == row.agent_name
    from kouan.gateway.services.delivering import deliver_due

    out = leaving(tmp_path)
    deliver_due(transport_of=out.transport_of, wrap=out.wrap, at=AT)
    [sent] = (tmp_path / "window/OutBox").glob("DEC_*.xml")
    assert sent.read_bytes() == bare
    make.hear(window, _wrapped(make.imported(row.client_no), "2"), at=AT)
    row.refresh_from_db()
    assert row.state == "saved"


def test_many_answers_are_paged_each_once(client) -> None:
    at = AT.replace(microsecond=0)
    GoodsAnswer.objects.bulk_create(
        GoodsAnswer(message_id=uuid7_at(at + timedelta(seconds=n // 3)), place=n % 3, kind="DecResult", code="L",
                    seq_no=f"I{n:017d}", received_at=at)
        for n in range(130)
    )  # fmt: skip
    client.force_login(_office())
    seen: list[str] = []
    cursors = [""]
    for cursor in cursors:
        page = client.get(reverse("unplaced-goods"), {"after": cursor}).content.decode()
        seen += re.findall(r"I0{10,}\d{1,3}\b", page)
        cursors += set(re.findall(r"[?&](?:amp;)?after=([\w-]+)", page)) - set(cursors)
    assert len(cursors) == 3 and set(seen) == {f"I{n:017d}" for n in range(130)}
    assert client.get(reverse("unplaced-goods"), {"export": "xlsx"}).status_code == 200
