"""Signing with the card: the very message that went out comes back signed, or is told what is wrong with it."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kouan.accounts.access import NotAllowed, NotYours
from kouan.accounts.codes import Role
from kouan.accounts.factories import make_organisation, make_user
from kouan.audit.models import AuditEntry
from kouan.declarations import selectors
from kouan.declarations.codes import DraftState
from kouan.declarations.factories import ACTOR, make_sheet, make_values
from kouan.declarations.services.card_signing import reopen_draft, take_signed, unsigned_of
from kouan.declarations.services.declaring_sheets import declare_sheet, keep_sheet
from kouan.declarations.services.drafting import declare_draft, save_draft
from kouan.gateway.codes import SignaturePolicy
from kouan.gateway.models import Message
from kouan.gateway.selectors import get_message
from kouan.gateway.services.certificates import register_certificate
from kouan.gateway.services.connections import desk_of
from kouan.gateway.standards.xmldsig.keys import demo_rsa_key, demo_sm2_key
from kouan.gateway.standards.xmldsig.signing import sign

pytestmark = [pytest.mark.django_db, pytest.mark.service]
LIST = 4


@pytest.fixture
def clerk():
    firm = make_organisation("agent", customs_code="420196YS05", name_zh="演示报关")
    return make_user(Role.TRADER_CLERK, organisation=firm)


@pytest.fixture
def at():
    return timezone.now()


@pytest.fixture
def draft(clerk, at):
    draft = save_draft(user=clerk, draft_id=None, values=make_values(), at=at)
    return declare_draft(user=clerk, draft_id=draft.pk, at=at)


def card(clerk, at, make=demo_rsa_key):
    key = make("演示申报员", since=at)
    register_certificate(actor=ACTOR, organisation_id=clerk.organisation_id, der=key.certificate, at=at)
    return key


def signed(draft, key, numbers=(LIST,)):
    return [
        (f"{message.number}.xml", sign(unsigned_of(message), key))
        for message in selectors.messages_to_sign(draft)
        if message.number in numbers
    ]


def hand_in(clerk, draft, files, at):
    return take_signed(user=clerk, draft_id=draft.pk, files=files, at=at)


@pytest.mark.parametrize("make", [demo_rsa_key, demo_sm2_key])
def test_it_works(clerk, draft, at, make):
    files = signed(draft, card(clerk, at, make))
    taken = hand_in(clerk, draft, files, at)
    assert (taken.draft.state, taken.count, taken.problems) == (DraftState.DECLARED, 1, [])
    kept = [
        get_message(message_id=pk, organisation_ids=frozenset([clerk.organisation_id]))
        for pk in taken.draft.message_ids
    ]
    assert [one.kind for one in kept] == ["311", "411", "511", "621"]
    assert kept[-1].raw == files[0][1]
    unsigned = [unsigned_of(message) for message in selectors.messages_to_sign(draft)]
    assert [one.raw for one in kept[:-1]] == unsigned[:-1]
    acts = AuditEntry.objects.filter(subject_kind="draft").order_by("id").values_list("act", flat=True)
    assert list(acts) == ["declare_draft", "sign_draft", "declare_draft"]


def test_what_may_stay_unsigned_can_be_signed_first(clerk, draft, at):
    key = card(clerk, at)
    first = hand_in(clerk, draft, signed(draft, key, (1, 2)), at)
    assert (first.draft.state, first.count) == (DraftState.AWAITING_SIGNATURE, 2)
    assert not Message.objects.exists()
    assert hand_in(clerk, draft, signed(draft, key), at).draft.state == DraftState.DECLARED


def test_a_zip_of_all_is_taken(clerk, draft, at):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, raw in signed(draft, card(clerk, at), (1, 2, 3, 4)):
            archive.writestr(name, raw)
    taken = hand_in(clerk, draft, [("all.zip", buffer.getvalue())], at)
    assert (taken.draft.state, taken.count) == (DraftState.DECLARED, 4)


def code_of(taken):
    [problem] = taken.problems
    assert problem.zh and problem.en and problem.fix_zh and problem.fix_en
    assert taken.draft.state == DraftState.AWAITING_SIGNATURE
    assert not Message.objects.exists()
    return problem.code


def test_one_without_signature_is_told(clerk, draft, at):
    [message] = [one for one in selectors.messages_to_sign(draft) if one.number == LIST]
    assert code_of(hand_in(clerk, draft, [("a.xml", unsigned_of(message))], at)) == "-950034"


def test_other_content_is_told_even_with_a_good_signature(clerk, draft, at):
    key = card(clerk, at)
    [message] = [one for one in selectors.messages_to_sign(draft) if one.number == LIST]
    other = sign(unsigned_of(message).replace("演示益生菌".encode(), "演示维生素".encode()), key)
    assert code_of(hand_in(clerk, draft, [("a.xml", other)], at)) == "-950033"


def test_content_that_changed_after_signing_is_told(clerk, draft, at):
    [(name, raw)] = signed(draft, card(clerk, at))
    changed = raw.replace("演示益生菌".encode(), "演示维生素".encode())
    assert code_of(hand_in(clerk, draft, [(name, changed)], at)) == "-950033"


def test_a_certificate_that_nobody_registered_is_told(clerk, draft, at):
    stranger = demo_rsa_key("演示陌生人", since=at)
    assert code_of(hand_in(clerk, draft, signed(draft, stranger), at)) == "-621029"


def test_a_signature_value_that_does_not_verify_is_told(clerk, draft, at):
    [(name, raw)] = signed(draft, card(clerk, at))
    start = raw.index(b"<ds:SignatureValue>") + len(b"<ds:SignatureValue>")
    broken = raw[:start] + (b"B" if raw[start : start + 1] != b"B" else b"C") + raw[start + 1 :]
    assert code_of(hand_in(clerk, draft, [(name, broken)], at)) == "-621029"


def test_a_message_of_another_draft_is_told(clerk, draft, at):
    other = save_draft(user=clerk, draft_id=None, values=make_values(), at=at)
    declare_draft(user=clerk, draft_id=other.pk, at=at)
    assert code_of(hand_in(clerk, draft, signed(other, card(clerk, at)), at)) == "-950031"


@pytest.mark.parametrize("body", [b"", b"no xml", b"PK\x03\x04 no zip", b"<CEB621Message>" + b"a" * (8 * 1024 * 1024)])
def test_what_is_no_message_is_told(clerk, draft, at, body):
    assert code_of(hand_in(clerk, draft, [("a.xml", body)], at))


def test_a_bad_file_holds_the_declaration_and_not_the_good_ones(clerk, draft, at):
    files = signed(draft, card(clerk, at))
    taken = hand_in(clerk, draft, [*files, ("b.xml", b"no xml")], at)
    assert (taken.draft.state, taken.count, len(taken.problems)) == (DraftState.AWAITING_SIGNATURE, 1, 1)
    assert taken.problems[0].pointer == "b.xml"


def test_a_channel_that_only_tells_takes_a_doubtful_signature_and_says_so(clerk, draft, at):
    channel = desk_of(organisation_id=clerk.organisation_id, at=at)
    channel.signature_policy = SignaturePolicy.WARN
    channel.save()
    taken = hand_in(clerk, draft, signed(draft, demo_rsa_key("演示陌生人", since=at)), at)
    assert taken.draft.state == DraftState.DECLARED
    assert [problem.severity for problem in taken.problems] == ["warning"]


def test_a_draft_taken_back_can_be_changed_and_its_old_messages_count_no_more(clerk, draft, at):
    files = signed(draft, card(clerk, at))
    again = reopen_draft(user=clerk, draft_id=draft.pk, at=at)
    assert (again.state, selectors.messages_to_sign(again)) == (DraftState.DRAFT, [])
    declare_draft(user=clerk, draft_id=draft.pk, at=at)
    assert code_of(hand_in(clerk, draft, files, at)) == "-950031"


def test_a_sheet_waits_for_the_card_too(clerk, at):
    parcels = [make_values() | {"internal_no": f"C{n}", "order_no": f"D{n}"} for n in (1, 2)]
    sheet = keep_sheet(user=clerk, name="a.xlsx", data=make_sheet(parcels), at=at)
    declared = declare_sheet(user=clerk, sheet_id=sheet.pk, at=at)
    draft = selectors.get_draft(user=clerk, pk=declared.draft_id)
    assert [(one.kind, one.node_count) for one in selectors.messages_to_sign(draft)][-1] == ("621", 2)
    assert hand_in(clerk, draft, signed(draft, card(clerk, at)), at).draft.state == DraftState.DECLARED
    with pytest.raises(NotAllowed):
        reopen_draft(user=clerk, draft_id=draft.pk, at=at)


def test_nobody_else_hands_in(clerk, draft, at):
    files = signed(draft, card(clerk, at))
    with pytest.raises(NotYours):
        hand_in(make_user(Role.TRADER_CLERK), draft, files, at)
    with pytest.raises(NotAllowed):
        hand_in(make_user(Role.SITE_CLERK, organisation=clerk.organisation), draft, files, at)


# The door ------------------------------------------------------------------------------------------------------------


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def test_the_page_gives_the_message_and_takes_it_back(clerk, draft, at):
    client = signed_in(clerk)
    page = client.get(reverse("draft", args=[draft.pk]))
    assert "用卡签名" in page.text
    one = client.get(reverse("unsigned-message", args=[draft.pk, LIST]))
    assert one.content == unsigned_of(selectors.messages_to_sign(draft)[-1])
    whole = zipfile.ZipFile(io.BytesIO(client.get(reverse("unsigned-messages", args=[draft.pk])).content))
    assert [whole.read(name) for name in whole.namelist()][-1] == one.content
    upload = reverse("upload-signed", args=[draft.pk])
    bad = client.post(upload, {"signed_files": SimpleUploadedFile("a.xml", one.content)})
    assert bad.status_code == 422 and "-950034" in bad.text
    good = client.post(
        upload, {"signed_files": SimpleUploadedFile("a.xml", sign(one.content, card(clerk, at)))}, follow=True
    )
    assert "签名核对无误" in good.text
    again = client.post(upload, {"signed_files": SimpleUploadedFile("a.xml", one.content)}, follow=True)
    assert "不在等待签名" in again.text


@pytest.mark.parametrize(("role", "is_colleague"), [(Role.TRADER_CLERK, False), (Role.SITE_CLERK, True)])
def test_strangers_and_other_roles_are_refused(clerk, draft, role, is_colleague):
    client = signed_in(make_user(role, organisation=clerk.organisation if is_colleague else None))
    for name, args in (("unsigned-message", [LIST]), ("unsigned-messages", []), ("reopen-draft", [])):
        assert client.get(reverse(name, args=[draft.pk, *args])).status_code in (403, 404)
    refused = client.post(
        reverse("upload-signed", args=[draft.pk]), {"signed_files": SimpleUploadedFile("a.xml", b"a")}
    )
    assert refused.status_code in (403, 404)
