"""Goods declarations in clearance: routed by the table, reviewed, inspected, and let out only on a received release."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from kouan.accounts.access import NotAllowed, NotYours
from kouan.accounts.codes import Role
from kouan.accounts.factories import make_organisation, make_user
from kouan.clearance import selectors
from kouan.clearance.models import Inspection, Review
from kouan.clearance.rules import GateReason, may_goods_leave
from kouan.clearance.services.gate import ask_gate_as, record_leaving_as
from kouan.clearance.services.goods_reviewing import record_goods_review
from kouan.clearance.services.goods_routing import answer_goods_messages, route_goods
from kouan.clearance.states import ReviewAct
from kouan.decisions.services.versions import install_builtin_tables
from kouan.gateway.codes import Carrier, Side, Step
from kouan.gateway.services.connections import open_connection
from kouan.gateway.services.receiving import receive
from kouan.gateway.services.tokens import issue_token
from kouan.gateway.services.working import run_step
from kouan.goods import factories as make
from kouan.goods.models import GoodsDeclaration
from kouan.goods.services.storing import store_goods
from kouan.goods.states import GoodsState
from kouan.kernel.dates import CHINA_TIME
from kouan.transport.tests.test_places import register

AT = datetime(2026, 11, 23, 10, tzinfo=CHINA_TIME)
STEPS = ((Step.STORE_GOODS, store_goods), (Step.ROUTE_GOODS, route_goods), (Step.ANSWER_GOODS, answer_goods_messages))
S = GoodsState


@pytest.mark.parametrize("state", list(GoodsState))
def test_goods_leave_on_release_alone(state: GoodsState) -> None:
    why = may_goods_leave(state=state, released_at=AT, left_at=None, is_second_step=False)
    assert (why is GateReason.RELEASED) == (state in (S.RELEASED, S.CLOSED, S.GUARANTEED))
    second = may_goods_leave(state=state, released_at=AT, left_at=None, is_second_step=True)
    assert (second is GateReason.RELEASED) == (state not in (S.DELETED, S.INSPECTED, S.EXAMINED_AGAIN))
    unreleased = may_goods_leave(state=state, released_at=None, left_at=None, is_second_step=True)
    assert (unreleased is GateReason.RELEASED) == (state in (S.RELEASED, S.CLOSED, S.GUARANTEED))
    assert may_goods_leave(state=state, released_at=AT, left_at=AT, is_second_step=True) is GateReason.LEFT_ALREADY


def _work(at: datetime) -> None:
    while sum(run_step(step=step, handle=handle, at=at) for step, handle in STEPS):
        pass


@pytest.fixture
def world(db: None) -> Any:
    install_builtin_tables(actor=make.ACTOR, at=AT)
    firm, operator = make.make_agent(), make_organisation("operator")
    register(operator_id=operator.pk)
    channel, window = make.make_channel(firm.pk), make.make_window(firm.pk)

    def change(made: Any) -> None:
        made.head.goods_place = "T4722A"
        made.lines[0].hs_code = "2204210000"

    receive(channel=channel, body=make.make_message(change=change), at=AT)
    _work(AT)

    def hear(code: str, minutes: int) -> GoodsDeclaration:
        at = AT + timedelta(minutes=minutes)
        row = make.the_declaration()
        said = make.imported(row.client_no) if code == "0" else make.channel_said(code, at)
        receive(channel=window, body=said, at=at)
        _work(at)
        return make.the_declaration()

    return make.the_declaration(), hear, operator


def test_the_table_names_the_agencies_and_the_place_its_operator(world) -> None:
    row, _hear, operator = world
    assert row.agencies == ["customs", "market_supervision"] and operator.pk in row.parties
    assert row.routing["table"] == "goods_routing" and row.routed_version == 1
    reviews = {review.agency: review for review in selectors.reviews_of_version(row.pk, 1)}
    assert {agency: review.way for agency, review in reviews.items()} == {
        "customs": "relayed", "market_supervision": "recorded",
    }  # fmt: skip


def test_an_agency_says_its_opinion_and_releases_nothing(world, client) -> None:
    row, _hear, _operator = world
    officer = make_user(Role.OFFICER, organisation=make_organisation("agency", agency="market_supervision"))
    review = Review.objects.get(case_id=row.pk, agency="market_supervision")
    client.force_login(officer)
    assert row.client_no in client.get(reverse("reviews")).content.decode()
    assert "商品名称" in client.get(reverse("review", args=[review.pk])).content.decode()
    record_goods_review(user=officer, review_id=review.pk, act=ReviewAct.CLEAR, opinion="", at=AT)
    before, row = row.state, make.the_declaration()
    assert row.state == before and Review.objects.get(pk=review.pk).state == "cleared"
    stranger = make_user(Role.OFFICER, organisation=make_organisation("agency", agency="police"))
    with pytest.raises(NotYours):
        record_goods_review(user=stranger, review_id=review.pk, act=ReviewAct.CLEAR, opinion="", at=AT)
    customs = make_user(Role.OFFICER, organisation=make_organisation("agency", agency="customs"))
    relayed = Review.objects.get(case_id=row.pk, agency="customs")
    with pytest.raises(NotAllowed):
        record_goods_review(user=customs, review_id=relayed.pk, act=ReviewAct.CLEAR, opinion="", at=AT)


def test_customs_order_opens_one_inspection_that_the_page_shows(world, client) -> None:
    _row, hear, operator = world
    for minutes, code in enumerate(("0", "7", "L", "C", "S")):
        row = hear(code, minutes)
    inspection = Inspection.objects.get(case_id=row.pk)
    assert (inspection.agency, inspection.state, inspection.parties) == ("customs", "ordered", row.parties)
    clerk = make_user(Role.SITE_CLERK, organisation=operator)
    client.force_login(clerk)
    assert row.client_no in client.get(reverse("inspection", args=[inspection.pk])).content.decode()
    assert row.client_no in client.get(reverse("inspections")).content.decode()


def test_the_gate_lets_goods_out_on_a_received_release_alone(world, client) -> None:
    row, hear, operator = world
    keeper = make_user(Role.GATE_CLERK, organisation=operator)
    assert ask_gate_as(user=keeper, number=row.bill_no, at=AT).check.reason == "never_answered"
    row = [hear(code, minutes) for minutes, code in enumerate(("0", "7", "L"))][-1]
    refused = ask_gate_as(user=keeper, number=row.entry_no, at=AT)
    assert (refused.may_leave, refused.check.reason) == (False, "not_released")
    with pytest.raises(NotAllowed):
        record_leaving_as(user=keeper, check_id=refused.check.pk, gate="1", vehicle_no="", at=AT)
    hear("F", 5)
    answer = ask_gate_as(user=keeper, number=row.bill_no, at=AT)
    assert answer.may_leave and [why for _row, why in answer.goods] == [GateReason.RELEASED]
    record_leaving_as(user=keeper, check_id=answer.check.pk, gate="1 号", vehicle_no="鄂A00000", at=AT)
    assert make.the_declaration().left_at == AT
    assert ask_gate_as(user=keeper, number=row.bill_no, at=AT).check.reason == "left_already"
    elsewhere = make_user(Role.GATE_CLERK, organisation=make_organisation("operator"))
    assert ask_gate_as(user=elsewhere, number=row.bill_no, at=AT).check.reason == "unknown"
    client.force_login(keeper)
    assert client.post(reverse("gate"), {"do": "ask", "number": row.bill_no}).status_code == 200


def test_the_gate_answers_machines_about_goods_too(world, client) -> None:
    row, hear, operator = world
    gate = open_connection(
        actor=make.ACTOR, organisation_id=operator.pk, name="场所系统", carrier=Carrier.HTTP, side=Side.SITE, at=AT
    )
    headers = {"Authorization": f"Bearer {issue_token(actor=make.ACTOR, connection_id=gate.pk, at=AT)}"}

    def ask() -> Any:
        body = {"number": row.bill_no}
        return client.post("/api/v1/site/gate", body, content_type="application/json", headers=headers).json()

    asked = ask()
    assert (asked["may_leave"], asked["reason"], asked["cases"]) == (False, "never_answered", [])
    [one] = asked["goods"]
    assert (one["client_no"], one["direction"], one["reason"]) == (row.client_no, row.direction, "never_answered")
    for minutes, code in enumerate(("0", "7", "L", "F")):
        row = hear(code, minutes)
    asked = ask()
    assert (asked["may_leave"], asked["goods"][0]["official_channel"]) == (True, "F")
    left = client.post("/api/v1/site/leavings", {"check_id": asked["check_id"], "gate": "1"},
                       content_type="application/json", headers=headers)  # fmt: skip
    assert left.status_code == 200
    [found] = client.get("/api/v1/goods", {"number": row.entry_no}, headers=headers).json()
    assert (found["state"], found["official_channel"], bool(found["left_at"])) == ("released", "F", True)
    assert client.get("/api/v1/goods", {"number": "nothing"}, headers=headers).json() == []
