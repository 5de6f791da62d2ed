"""A clerk's values go through the same door as a machine's messages."""

from __future__ import annotations

import pytest
from django.utils import timezone

from kouan.accounts.access import NotAllowed
from kouan.accounts.factories import make_organisation, make_user
from kouan.audit.types import SystemActor
from kouan.clearance.tests.test_pipeline import work
from kouan.declarations.codes import DraftState
from kouan.declarations.factories import make_values
from kouan.declarations.models import Case
from kouan.declarations.selectors import messages_to_sign
from kouan.declarations.services.drafting import check_values, declare_draft, save_draft
from kouan.gateway.codes import SignerKind
from kouan.gateway.models import Message
from kouan.gateway.services.appointments import appoint_key_service
from kouan.gateway.standards.xmldsig.keys import demo_rsa_key

pytestmark = [pytest.mark.django_db, pytest.mark.service]


@pytest.fixture
def clerk():
    firm = make_organisation("agent", customs_code="420196YS05", name_zh="演示报关")
    return make_user("trader_clerk", organisation=firm)


@pytest.fixture
def values():
    return make_values()


def appoint(clerk, at):
    key = demo_rsa_key("演示报关", since=at)
    appoint_key_service(
        actor=SystemActor("t"), organisation_id=clerk.organisation_id, kind=SignerKind.TEST, document_no="委托 1",
        key=key, at=at,
    )  # fmt: skip


def test_it_works(clerk, values):
    at = timezone.now()
    appoint(clerk, at)
    assert [p for p in check_values(user=clerk, values=values, at=at) if p.is_error] == []
    draft = declare_draft(user=clerk, draft_id=save_draft(user=clerk, draft_id=None, values=values, at=at).pk, at=at)
    assert draft.state == DraftState.DECLARED and len(draft.message_ids) == 4
    work(at)
    case = Case.objects.get()
    assert (case.internal_no, case.match, case.match_problems) == ("C1", "matched", [])


def test_without_a_key_it_waits_for_its_signature(clerk, values):
    at = timezone.now()
    draft = save_draft(user=clerk, draft_id=None, values=values, at=at)
    declared = declare_draft(user=clerk, draft_id=draft.pk, at=at)
    assert declared.state == DraftState.AWAITING_SIGNATURE
    assert [message.kind for message in messages_to_sign(declared)] == ["311", "411", "511", "621"]
    assert not Message.objects.exists()


def test_what_breaks_a_rule_is_refused_with_its_official_code(clerk, values):
    at = timezone.now()
    appoint(clerk, at)
    values["gross_weight_kg"] = "0.5"
    draft = save_draft(user=clerk, draft_id=None, values=values, at=at)
    with pytest.raises(NotAllowed) as refusal:
        declare_draft(user=clerk, draft_id=draft.pk, at=at)
    assert refusal.value.problem.code == "-621001"
    draft.refresh_from_db()
    assert draft.state == DraftState.DRAFT and draft.values == values


def test_a_draft_of_another_firm_is_not_found(clerk, values):
    draft = save_draft(user=clerk, draft_id=None, values=values, at=timezone.now())
    stranger = make_user("trader_clerk")
    with pytest.raises(Exception, match="not there"):
        declare_draft(user=stranger, draft_id=draft.pk, at=timezone.now())
