"""The gate: may this leave? Yes only on an official release that was received; every answer is written down."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from kouan.accounts.access import NotAllowed, get_visible, require_role
from kouan.accounts.codes import Role
from kouan.audit import services as audit
from kouan.audit.types import Actor
from kouan.clearance import selectors
from kouan.clearance.models import GateCheck
from kouan.clearance.rules import GateReason, may_goods_leave, may_leave
from kouan.declarations import selectors as declarations
from kouan.declarations.facts import mark_left
from kouan.goods.codes import Step
from kouan.goods.facts import find_goods_by_number, lock_goods, mark_goods_left
from kouan.kernel.numbers import is_container_number
from kouan.workflow.services import Happening, record_events

if TYPE_CHECKING:
    from kouan.accounts.models import User
    from kouan.declarations.models import Case
    from kouan.goods.models import GoodsDeclaration


MOST_PARCELS = 5_000
"""The most parcels about which one question may be asked: a container of small parcels holds fewer."""


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """The answer to one question at the gate, each parcel and goods declaration it rests on, and the waybills of which
    nothing is declared."""

    check: GateCheck
    cases: Sequence[tuple[Case, GateReason]]
    undeclared: Sequence[str] = ()
    goods: Sequence[tuple[GoodsDeclaration, GateReason]] = ()

    @property
    def may_leave(self) -> bool:
        """Whether everything that the number stands for may leave."""
        return self.check.may_leave


def ask_gate(
    *, actor: Actor, operator_id: UUID, number: str, at: datetime, person_id: UUID | None = None
) -> GateAnswer:
    """Answer whether what a list, waybill, bill, internal or container number stands for may leave this operator.

    Yes only if all of it is released: of a bill or container, every parcel that arrived under it as well. The question
    and the answer are kept.
    """
    number = _as_written(number)
    cases, undeclared = _what_it_stands_for(number, operator_id)
    judged = [(case, _judge(case)) for case in cases]
    found = find_goods_by_number(number=number, party_id=operator_id, most=MOST_PARCELS + 1)
    goods = [(row, _judge_goods(row)) for row in found]
    reason = _reason([why for _, why in (*judged, *goods)], undeclared)
    with transaction.atomic():
        check = GateCheck.objects.create(
            number=number[:64],
            operator_id=operator_id,
            asked_by_id=person_id,
            asked_at=at,
            may_leave=reason is GateReason.RELEASED,
            reason=str(reason),
            case_ids=[case.pk for case in cases],
            goods_ids=[row.pk for row in found],
        )
        audit.record(
            actor=actor,
            act="ask_gate",
            subject_kind="gate_check",
            subject_id=check.pk,
            at=at,
            detail={"may_leave": check.may_leave, "reason": check.reason},
        )
    return GateAnswer(check, judged, undeclared, goods)


def _as_written(number: str) -> str:
    """Give a number as it is kept: a container number without spaces and in capitals, any other as it is."""
    number = number.strip()
    together = re.sub(r"[\s-]", "", number).upper()
    return together if is_container_number(together) else number


def _what_it_stands_for(number: str, operator_id: UUID) -> tuple[list[Case], list[str]]:
    """Find the cases of a number, and the waybills that arrived under it without any."""
    found = declarations.find_cases_by_number(number=number, party_id=operator_id, most=MOST_PARCELS + 1)
    arrived = (
        selectors.arrived_together(number=number, operator_id=operator_id, most=MOST_PARCELS + 1) if number else []
    )
    declared = declarations.cases_of_waybills(waybills=arrived, party_id=operator_id) if arrived else []
    cases = {case.pk: case for case in [*found, *declared]}
    known = {(case.carrier_code, case.waybill_no) for case in cases.values()}
    return sorted(cases.values(), key=lambda case: case.pk), [key[1] for key in arrived if key not in known]


def _reason(judged: Sequence[GateReason], undeclared: Sequence[str]) -> GateReason:
    if len(judged) + len(undeclared) > MOST_PARCELS:
        return GateReason.TOO_MANY
    if undeclared:
        return GateReason.UNDECLARED
    if not judged:
        return GateReason.UNKNOWN
    return next((why for why in judged if why is not GateReason.RELEASED), GateReason.RELEASED)


def _judge(case: Case) -> GateReason:
    return may_leave(
        official_status=case.official_status, left_at=case.left_at, is_withdrawn=case.is_withdrawn,
        departed_at=case.departed_at,
    )  # fmt: skip


def _judge_goods(row: GoodsDeclaration) -> GateReason:
    return may_goods_leave(state=row.state, released_at=row.released_at, left_at=row.left_at,
                           is_second_step=row.step == Step.COMPLETE)  # fmt: skip


def record_leaving(
    *, actor: Actor, check: GateCheck, gate: str, vehicle_no: str, at: datetime, person_id: UUID | None = None
) -> GateCheck:
    """Record that the goods of a positive answer left through the gate. Raises NotAllowed when the answer was no, or
    is no longer what the official release says."""
    with transaction.atomic():
        check = GateCheck.objects.select_for_update().get(pk=check.pk)
        cases, goods = declarations.cases_by_id(check.case_ids), lock_goods(check.goods_ids)
        still = all(_judge(case) is GateReason.RELEASED for case in cases)
        still = still and all(_judge_goods(row) is GateReason.RELEASED for row in goods)
        if not (check.may_leave and (cases or goods) and still) or check.left_at:
            raise NotAllowed(
                "不能登记离场：没有有效的官方放行。",
                "Leaving cannot be recorded: there is no official release that holds.",
                "请重新查询，按查询结果办理。",
                "Ask again and act on the answer.",
                code="-940020",
            )
        check.left_at, check.gate, check.vehicle_no = at, gate.strip()[:40], vehicle_no.strip()[:20]
        check.save(update_fields=["left_at", "gate", "vehicle_no"])
        mark_left(check.case_ids, at=at)
        mark_goods_left(check.goods_ids, at=at)
        record_events(
            [
                Happening(case_id, "gate", "leave", object_id=check.pk, actor_id=person_id,
                          actor_label=actor.audit_label, data={"gate": check.gate})
                for case_id in (*check.case_ids, *check.goods_ids)
            ],
            at=at,
        )  # fmt: skip
        audit.record(actor=actor, act="record_leaving", subject_kind="gate_check", subject_id=check.pk, at=at)
    return check


def ask_gate_as(*, user: User, number: str, at: datetime) -> GateAnswer:
    """Answer a clerk at the gate of his own operator."""
    require_role(user, Role.GATE_CLERK, Role.SITE_CLERK)
    return ask_gate(actor=user, operator_id=user.organisation_id, number=number, at=at, person_id=user.pk)


def record_leaving_as(*, user: User, check_id: UUID, gate: str, vehicle_no: str, at: datetime) -> GateCheck:
    """Record leaving by a clerk at the gate. Raises NotYours and NotAllowed."""
    require_role(user, Role.GATE_CLERK, Role.SITE_CLERK)
    check = get_visible(GateCheck.objects, user, pk=check_id)
    return record_leaving(actor=user, check=check, gate=gate, vehicle_no=vehicle_no, at=at, person_id=user.pk)
