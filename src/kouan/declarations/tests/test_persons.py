"""The persons of a case: found by whole numbers, masked by default, in full for a purpose, gone with their month."""

from __future__ import annotations

import base64
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from kouan.accounts.access import NotAllowed, NotYours
from kouan.accounts.codes import Role
from kouan.accounts.factories import make_user
from kouan.accounts.models import Organisation
from kouan.audit.models import AuditEntry
from kouan.declarations import selectors
from kouan.declarations.factories import make_channels, make_firms, make_national_channel, send
from kouan.declarations.models import Case, Document, DocumentVersion
from kouan.declarations.persons import forget_digests, read_persons
from kouan.declarations.services.storing import store_messages
from kouan.gateway.codes import Step
from kouan.gateway.services.working import run_step
from kouan.gateway.standards.ceb.generate import parcels
from kouan.safekeeping.codes import Purpose
from kouan.safekeeping.safe import Erased, safe
from kouan.safekeeping.sealing import seal, unseal
from kouan.safekeeping.selectors import find_readings, list_readings
from kouan.safekeeping.services import keys
from kouan.safekeeping.services.unmasking import see_persons, state_purpose
from kouan.screens.masking import to_masked

pytestmark = [pytest.mark.django_db, pytest.mark.service]
WORDS = "核对订购人与收货人"


@pytest.fixture
def at():
    return timezone.now()


@pytest.fixture
def declared(at):
    """Two parcels, stored."""
    made = parcels(2, at=at)
    firms = make_firms()
    make_national_channel(firms["621"].pk)
    send(make_channels(firms), made, at=at)
    run_step(step=Step.STORE, handle=store_messages, at=at)
    return made


@pytest.fixture
def case(declared):
    Case.objects.update(agencies=["customs"])
    return Case.objects.order_by("pk")[0]


@pytest.fixture
def officer():
    return make_user(Role.OFFICER, agency="customs")


@pytest.fixture
def buyer(case, officer):
    """What the list of the case says of its buyer, by the kind of mask."""
    return {one.kind: one.value for one in read_persons(officer, case.pk)[0].said}


def look(user, case, at):
    return state_purpose(
        user=user, subject_kind="case", subject_id=case.pk, purpose=Purpose.INSPECTION, words=WORDS, at=at
    )


def test_it_works(case, officer, buyer, client):
    client.force_login(officer)
    address = reverse("persons", args=["case", case.pk])
    masked = client.get(address)
    assert buyer["id"] not in masked.text
    assert buyer["name"] not in masked.text
    shown = client.post(address, {"purpose": "inspection", "words": WORDS}, follow=True)
    assert buyer["id"] in shown.text
    assert shown["Cache-Control"] == "no-store"
    entry = AuditEntry.objects.get(act="see_personal_data")
    assert (entry.actor_id, entry.subject_id) == (officer.pk, str(case.pk))
    assert WORDS in entry.purpose
    assert buyer["id"] not in str(list(AuditEntry.objects.values_list("detail", "purpose")))


@pytest.mark.parametrize("write", [str, lambda n: f" {n[:3]}-{n[3:7]} {n[7:]} ", lambda n: f"{n[:6]}　{n[6:]}"])
def test_a_case_is_found_by_the_whole_number_however_it_is_written(case, officer, buyer, write):
    for kind in ("id", "phone"):
        found = selectors.with_number(selectors.list_cases(officer), write(buyer[kind]))
        assert case in found
    assert not selectors.with_number(selectors.list_cases(officer), buyer["id"][:17])


def test_no_column_holds_a_number(case, buyer):
    with connection.cursor() as cursor:
        for table in ("declarations_documentversion", "declarations_document", "declarations_case"):
            cursor.execute(f"select string_agg(t::text, ' ') from {table} t")
            text = cursor.fetchone()[0]
            assert buyer["id"] not in text
            assert buyer["name"] not in text


def test_a_search_by_a_person_is_on_record_without_the_number(client, officer, case, buyer):
    client.force_login(officer)
    assert case.internal_no in client.get(reverse("cases"), {"q": buyer["id"]}, follow=True).text
    assert AuditEntry.objects.get(act="search_person").detail == {"number": "identity"}


@pytest.mark.parametrize("kind", ["id", "phone"])
def test_a_number_that_is_searched_for_stands_in_no_address(client, officer, case, buyer, kind):
    client.force_login(officer)
    number = buyer[kind]
    asked = {"to": reverse("cases"), "q": number, "state": ["", "released"]}
    for answer in (client.post(reverse("search-to"), asked), client.get(reverse("cases"), {"q": number})):
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("cases") + "?")
        assert number not in answer.url
        [mark] = parse_qs(urlsplit(answer.url).query)["q"]
        assert mark.startswith("~") and number.encode() not in base64.urlsafe_b64decode(mark[1:] + "===")
    shown = client.get(answer.url)
    assert case.internal_no in shown.text
    assert number not in shown.text
    assert to_masked(number, kind) in shown.text
    page = client.post(reverse("search-to"), {"to": reverse("search"), "q": number}, follow=True)
    assert number not in page.redirect_chain[-1][0]
    assert case.internal_no in page.text and number not in page.text
    assert number not in client.post(reverse("search-quick"), {"q": number}).text


def test_other_words_stay_in_the_address(client, officer, case):
    client.force_login(officer)
    for words in (case.internal_no, "4201", "SF123456789012", "演示", "~nothing"):
        told = client.post(reverse("search-to"), {"to": reverse("cases"), "q": words})
        assert parse_qs(urlsplit(told.url).query) == {"q": [words]}
        assert client.get(told.url).status_code == 200
    assert client.post(reverse("search-to"), {"to": "https://x.example/", "q": "1"}).status_code == 404


def test_a_mark_is_worth_nothing_once_its_month_is_erased(settings, tmp_path, buyer):
    settings.KOUAN_KEYS = tmp_path / "keys"
    safe.cache_clear()
    mark = seal(buyer["id"])
    assert unseal(mark) == buyer["id"]
    assert unseal(mark[:-4] + "AAAA") is None
    for path in (tmp_path / "keys").glob("*.key"):
        path.unlink()
    assert unseal(mark) is None
    safe.cache_clear()


def test_the_audit_administrator_finds_who_saw_a_persons_data(client, case, officer, buyer, at):
    see_persons(user=officer, row=look(officer, case, at), at=at)
    assert find_readings(list_readings(), buyer["id"]).filter(act="see_personal_data").count() == 1
    client.force_login(make_user(Role.AUDIT_ADMIN))
    page = client.get(reverse("personal-readings"))
    assert officer.name in page.text
    assert buyer["id"] not in page.text


def test_the_time_ends(case, officer, at):
    row = look(officer, case, at)
    with pytest.raises(NotAllowed):
        see_persons(user=officer, row=row, at=row.until)
    with pytest.raises(NotAllowed):
        see_persons(user=make_user(Role.OFFICER, agency="customs"), row=row, at=at)
    assert row.until - at == timedelta(minutes=10)


def test_a_purpose_needs_words(case, officer, at):
    with pytest.raises(NotAllowed):
        state_purpose(user=officer, subject_kind="case", subject_id=case.pk, purpose="inspection", words=" x ", at=at)


@pytest.mark.parametrize(
    "role", [Role.PORT_OFFICE_CLERK, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.GATE_CLERK]
)
def test_who_does_not_need_it_sees_nothing(case, role, at):
    with pytest.raises(NotAllowed):
        look(make_user(role), case, at)


def test_a_firm_sees_what_it_declared_itself_and_nothing_else(case, at):
    waybill = Document.objects.get(kind="511", number=case.waybill_no)
    carrier = make_user(Role.TRADER_CLERK, organisation=Organisation.objects.get(pk=waybill.sender_id))
    documents = {person.document.split()[0] for person in read_persons(carrier, case.pk)}
    owned = Document.objects.filter(sender_id=carrier.organisation_id).values_list("kind", flat=True)
    assert ("621" in owned) == any("清单" in name for name in documents)
    stranger = make_user(Role.TRADER_CLERK)
    with pytest.raises(NotYours):
        read_persons(stranger, case.pk)


def test_an_erased_month_tells_and_finds_nothing(case, officer, buyer, client, at, django_capture_on_commit_callbacks):
    keeper, later = make_user(Role.SECURITY_ADMIN), at + timedelta(days=100)
    keys.set_retention(actor=keeper, months=1, ground="某规定第三条", since=timezone.localdate(at), at=at)
    month = f"{timezone.localtime(at):%Y-%m}"
    with django_capture_on_commit_callbacks(execute=True):
        keys.destroy_key(actor=keeper, month=month, at=later)
    with pytest.raises(Erased):
        read_persons(officer, case.pk)
    assert case not in selectors.with_number(selectors.list_cases(officer), buyer["id"])
    client.force_login(officer)
    page = client.get(reverse("persons", args=["case", case.pk]))
    assert page.status_code == 200
    assert "某规定第三条" in page.text
    assert client.get(reverse("case", args=[case.pk])).status_code == 200
    keys.finish_destroying(at=later)
    assert not DocumentVersion.objects.exclude(buyer_digest=None, consignee_digest=None, identity_mark=None).exists()


def test_only_the_month_is_forgotten(case, at):
    forget_digests(f"{at.year - 1}-{at.month:02}")
    assert DocumentVersion.objects.filter(identity_mark__isnull=False).exists()
