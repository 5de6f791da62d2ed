"""A broker sees of a client what it delegated, by direction and kind of document, and while that holds."""

import pytest
from django.utils import timezone

from kouan.accounts.codes import Role
from kouan.accounts.factories import make_delegation, make_organisation, make_user
from kouan.accounts.models import User
from kouan.clearance.codes import SubjectKind
from kouan.clearance.models import Inspection, Ticket
from kouan.declarations.factories import make_channels, make_firms, send, send_exports
from kouan.declarations.models import Case, Document
from kouan.declarations.services.storing import store_messages
from kouan.gateway.codes import Step
from kouan.gateway.models import Message, Receipt
from kouan.gateway.services.working import run_step
from kouan.gateway.standards.ceb.generate import parcels
from kouan.gateway.standards.ceb.generate_exports import export_parcels

pytestmark = pytest.mark.django_db
AT = timezone.now()


@pytest.fixture
def firms():
    made = make_firms()
    channels = make_channels(made)
    send(channels, parcels(1, at=AT), at=AT)
    send_exports(channels, export_parcels(1, at=AT), at=AT)
    while run_step(step=Step.STORE, handle=store_messages, at=AT):
        pass
    assert sorted(Case.objects.values_list("direction", flat=True)) == ["E", "I"]
    return made


@pytest.fixture
def broker():
    return make_user(Role.TRADER_CLERK, organisation=make_organisation("agent"))


def fresh(user):
    """The person in the next request: what is delegated is asked once a request."""
    return User.objects.get(pk=user.pk)


def directions(user):
    return sorted(Case.objects.visible_to(fresh(user)).values_list("direction", flat=True))


@pytest.mark.parametrize(
    ("scope", "seen"), [([], ["E", "I"]), (["621"], ["I"]), (["603", "605"], ["E"]), (["dec"], []), (["311"], ["I"])]
)
def test_cases_are_seen_by_direction(firms, broker, scope, seen):
    make_delegation(client=firms["621"], agent=broker.organisation, scope=scope)
    assert directions(broker) == seen


def test_documents_messages_and_receipts_are_seen_by_kind(firms, broker):
    client = firms["621"]
    assert Message.objects.filter(organisation_id=client.pk, kind="603").exists()
    make_delegation(client=client, agent=broker.organisation, scope=["621"])
    user = fresh(broker)
    assert set(Document.objects.visible_to(user).values_list("kind", flat=True)) == {"621"}
    messages = Message.objects.visible_to(user)
    assert set(messages.values_list("kind", flat=True)) == {"621"}
    receipts = Receipt.objects.visible_to(user)
    assert receipts.exists() and {one.answers for one in receipts} == set(messages.values_list("pk", flat=True))


def test_after_the_end_only_what_it_declared_itself_is_seen(firms, broker):
    delegation = make_delegation(client=firms["621"], agent=broker.organisation)
    assert directions(broker) == ["E", "I"]
    own = Case.objects.get(direction="I")
    own.parties = [*own.parties, broker.organisation_id]
    own.save()
    delegation.until = timezone.now()
    delegation.save()
    assert directions(broker) == ["I"]
    assert not Message.objects.visible_to(fresh(broker)).exists()


def test_inspections_and_tickets_follow(firms, broker):
    case = Case.objects.get(direction="I")
    client = firms["621"]
    for kind in SubjectKind.values:
        Inspection.objects.create(case_id=case.pk, version=1, agency=f"a-{kind}", subject_kind=kind,
                                  parties=[client.pk], ordered_at=AT, state_since=AT)  # fmt: skip
    Ticket.objects.create(case_id=case.pk, question="演示", party_ids=[client.pk], opened_by_id=broker.pk,
                          opened_at=AT, state_since=AT)  # fmt: skip
    delegation = make_delegation(client=client, agent=broker.organisation, scope=["dec"])
    user = fresh(broker)
    assert [one.subject_kind for one in Inspection.objects.visible_to(user)] == ["goods"]
    assert not Ticket.objects.visible_to(user).exists()
    delegation.scope = []
    delegation.save()
    user = fresh(broker)
    assert (Inspection.objects.visible_to(user).count(), Ticket.objects.visible_to(user).count()) == (2, 1)
