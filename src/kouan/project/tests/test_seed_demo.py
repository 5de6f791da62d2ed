"""The demonstration: every state of every machine is there, nothing hangs, and seeding twice adds nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from kouan.clearance.models import Arrival, GateCheck, Inspection, Review, Ticket
from kouan.clearance.states import CaseState, InspectionState, ReviewState, TicketState
from kouan.declarations.models import Case, Draft, Summary, UnplacedAnswer
from kouan.gateway.models import Message, Work

pytestmark = [pytest.mark.django_db, pytest.mark.service]


def test_it_works_and_seeding_twice_adds_nothing(settings, tmp_path):
    settings.DATA = tmp_path
    call_command("seed_demo", parcels=80, days=4, verbosity=0)

    assert set(Case.objects.values_list("state", flat=True)) >= set(CaseState) - {CaseState.AWAITING_FORWARDING}
    assert set(Review.objects.values_list("state", flat=True)) == set(ReviewState)
    assert set(Inspection.objects.values_list("state", flat=True)) >= set(InspectionState) - {InspectionState.CANCELLED}
    assert set(Ticket.objects.values_list("state", flat=True)) == set(TicketState)
    assert set(Draft.objects.values_list("state", flat=True)) == {"draft", "awaiting_signature"}

    # A status of a tax bill may wait for the bill: the played side gives some answers late.
    assert set(UnplacedAnswer.objects.values_list("kind", flat=True)) <= {"818"}
    assert UnplacedAnswer.objects.count() <= 3
    assert set(Summary.objects.values_list("state", flat=True)) == {"declared", "returned", "sent"}
    exports = set(Case.objects.filter(direction="E").values_list("state", flat=True))
    assert exports >= set(CaseState) - {CaseState.AWAITING_FORWARDING, CaseState.RELEASED_WITH_CONDITIONS,
                                        CaseState.UNKNOWN_OFFICIAL}  # fmt: skip
    assert not Case.objects.filter(state="awaiting_forwarding", state_since__lt=timezone.now() - timedelta(hours=1))
    assert not Work.objects.filter(is_parked=True).exists()

    came = {(arrival.carrier_code, arrival.waybill_no): arrival.arrived_at for arrival in Arrival.objects.all()}
    now = timezone.now()
    for case in Case.objects.all():
        arrived = came.get((case.carrier_code, case.waybill_no))
        assert arrived is None or case.received_at < arrived <= now
        assert (
            case.left_at is None
            or case.departed_at
            or (arrived and case.released_at and arrived <= case.left_at <= now)
        )
    assert Arrival.objects.exclude(container_no="").exists()
    assert not GateCheck.objects.filter(asked_at__gt=now).exists()

    before = [model.objects.count() for model in (Case, Message, Arrival, GateCheck, Ticket, Draft)]
    call_command("seed_demo", parcels=80, days=4, verbosity=0)
    assert [model.objects.count() for model in (Case, Message, Arrival, GateCheck, Ticket, Draft)] == before
