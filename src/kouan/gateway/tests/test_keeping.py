"""The pages of connections, certificates and appointments: who may, what is refused, and that nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from kouan.accounts.codes import OrganisationKind, Role
from kouan.accounts.factories import make_organisation, make_user
from kouan.audit.models import AuditEntry
from kouan.gateway.codes import Carrier, Side, SignaturePolicy
from kouan.gateway.models import Certificate, Connection, KeyAppointment
from kouan.gateway.selectors import find_token
from kouan.gateway.services.appointments import NoSigner, sign_for, signer_of
from kouan.gateway.services.certificates import trusted_for
from kouan.gateway.services.connections import open_connection
from kouan.gateway.standards.dec.generate import make_pdf
from kouan.gateway.tests import making_keys as keys
from kouan.gateway.tokens import digest_of

pytestmark = pytest.mark.django_db
PAPER = make_pdf()
ACTIVE = PAPER.replace(b"<</Type", b"<</JavaScript 1/Type", 1)
REQUIRE = SignaturePolicy.REQUIRE


@pytest.fixture
def firm():
    return make_user(Role.FIRM_MANAGER, organisation=make_organisation("agent", customs_code="420196ZZ01"))


@pytest.fixture
def admin():
    return make_user(Role.SYSTEM_ADMIN)


@pytest.fixture
def as_(client):
    def become(user):
        client.force_login(user)
        return client

    return become


def file(content: bytes, name: str = "a.cer") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def asked(**more) -> dict:
    return {"name": "本企业接口", "side": "enterprise", "carrier": "http", "signature_policy": REQUIRE} | more


def terms(**more) -> dict:
    last_day = timezone.localdate() + timedelta(days=90)
    return {"name": "ERP", "last_day": f"{last_day}", "scopes": ["send", "fetch"]} | more


def national(**more) -> dict:
    return asked(side="national", address="https://dxp.example.cn/api/", carries="ceb", wraps_dxp="on",
                 dxp_id="DXPENT0000000001") | more  # fmt: skip


# Connections ----------------------------------------------------------------------------------------------------------


def test_a_firm_opens_a_connection_takes_its_token_once_and_revokes_it(as_, firm):
    client = as_(firm)
    page = client.post(reverse("new-connection"), asked(cop_code="420196ZZ01"), follow=True)
    channel = Connection.objects.get()
    assert "连接已开通" in page.content.decode()
    assert (channel.organisation_id, channel.side, channel.signature_policy) == (
        firm.organisation_id, Side.ENTERPRISE, REQUIRE,
    )  # fmt: skip
    page = client.post(reverse("issue-token", args=[channel.pk]), terms())
    token = page.content.decode().partition("data-token>")[2].partition("<")[0]
    assert find_token(digest_of(token)).connection == channel and "no-store" in page.headers["Cache-Control"]
    assert token not in client.get(reverse("connection", args=[channel.pk])).content.decode()
    client.post(reverse("revoke-token", args=[channel.tokens.get().pk]))
    assert find_token(digest_of(token)).revoked_at
    assert set(AuditEntry.objects.values_list("act", flat=True)) >= {"open_connection", "issue_token", "revoke_token"}


def test_a_firms_folder_gets_its_place_from_the_code_and_a_second_one_another(as_, firm):
    for _ in range(2):
        as_(firm).post(reverse("new-connection"), asked(carrier="folder", address="national"))
    assert set(Connection.objects.values_list("address", flat=True)) == {"firms/420196ZZ01", "firms/420196ZZ01-2"}


def test_a_firm_cannot_loosen_the_check_nor_open_the_national_side(as_, firm):
    page = as_(firm).post(reverse("new-connection"), asked(signature_policy="off"))
    assert page.status_code == 422 and "本企业接口" in page.content.decode()
    assert as_(firm).post(reverse("new-connection"), national()).status_code == 422
    assert not Connection.objects.exists()


def test_the_system_administrator_opens_a_firms_connection_and_loosens_it_but_never_sees_its_token(as_, firm, admin):
    client = as_(admin)
    assert client.post(reverse("new-connection"), asked(owner_code="nobody")).status_code == 422
    client.post(reverse("new-connection"), asked(owner_code="420196zz01", signature_policy="warn"))
    channel = Connection.objects.get()
    assert (channel.organisation_id, channel.signature_policy) == (firm.organisation_id, SignaturePolicy.WARN)
    assert client.post(reverse("issue-token", args=[channel.pk])).status_code == 404
    client.post(reverse("change-connection", args=[channel.pk]), {"name": "新名", "signature_policy": "off"})
    channel.refresh_from_db()
    assert (channel.name, channel.signature_policy) == ("新名", SignaturePolicy.OFF)


def test_a_firm_keeps_a_policy_that_was_loosened_and_may_be_strict_again(as_, firm, admin):
    channel = open_connection(
        actor=admin, organisation_id=firm.organisation_id, name="甲", carrier=Carrier.HTTP, at=timezone.now(),
        signature_policy=SignaturePolicy.WARN,
    )  # fmt: skip
    url = reverse("change-connection", args=[channel.pk])
    as_(firm).post(url, {"name": "乙", "signature_policy": "warn"})
    channel.refresh_from_db()
    assert (channel.name, channel.signature_policy) == ("乙", SignaturePolicy.WARN)
    assert as_(firm).post(url, {"name": "丙", "signature_policy": "off"}).status_code == 422
    as_(firm).post(url, {"name": "乙", "signature_policy": "require"})
    channel.refresh_from_db()
    assert channel.signature_policy == REQUIRE


@pytest.mark.parametrize("role", [Role.PORT_OFFICE_CLERK, Role.SYSTEM_ADMIN])
def test_the_office_opens_the_national_side_one_a_business(as_, role):
    client = as_(make_user(role))
    client.post(reverse("new-connection"), national())
    channel = Connection.objects.get()
    assert (channel.address, channel.wraps_dxp, channel.carries) == ("https://dxp.example.cn/api", True, "ceb")
    page = client.post(reverse("new-connection"), national())
    assert page.status_code == 422 and "已有启用的国家侧连接" in page.content.decode()
    client.post(reverse("new-connection"), national(carries="dec", carrier="folder", address="goods"))
    client.post(reverse("close-connection", args=[channel.pk]))
    client.post(reverse("new-connection"), national(carrier="folder", address="national"))
    assert Connection.objects.filter(is_active=True).count() == 2
    page = client.post(reverse("reopen-connection", args=[channel.pk]), follow=True)
    assert "已有启用的国家侧连接" in page.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"address": "ftp://x"}, {"address": "nothing"}, {"address": "https://a:b@c/"}, {"address": "https://x/?a=1"},
     {"address": "https://["}, {"address": "https://a b/"}, {"dxp_id": ""}, {"carrier": "folder", "address": "../etc"},
     {"carrier": "folder", "address": "/"}, {"carrier": "folder", "address": "firms"},
     {"carrier": "folder", "address": "firms/420196ZZ01/a"}, {"name": ""}, {"carries": "no"}, {"carrier": "desk"}],
)  # fmt: skip
def test_a_wrong_entry_is_said_at_its_field_and_nothing_typed_is_lost(as_, firm, admin, wrong):
    open_connection(
        actor=admin, organisation_id=firm.organisation_id, name="甲", carrier=Carrier.FOLDER, at=timezone.now(),
        address="firms/420196ZZ01",
    )  # fmt: skip
    page = as_(admin).post(reverse("new-connection"), national(cop_code="4201960099") | wrong)
    assert page.status_code == 422 and "4201960099" in page.content.decode()
    assert Connection.objects.count() == 1


def test_strangers_find_nothing(as_, firm, admin):
    channel = open_connection(
        actor=admin, organisation_id=firm.organisation_id, name="甲", carrier=Carrier.HTTP, at=timezone.now()
    )
    for stranger in (make_user(Role.FIRM_MANAGER), make_user(Role.PORT_OFFICE_CLERK)):
        for name in ("change-connection", "close-connection", "revoke-token", "issue-token", "reopen-connection"):
            assert as_(stranger).post(reverse(name, args=[channel.pk]), asked()).status_code == 404
    channel.refresh_from_db()
    assert channel.is_active and channel.name == "甲"


# Certificates ---------------------------------------------------------------------------------------------------------


def test_a_certificate_is_registered_shown_and_revoked_from_today(as_, firm):
    client, key = as_(firm), keys.rsa_key()
    page = client.post(reverse("new-certificate"), {"file": file(keys.p7b(key), "a.p7b")}, follow=True)
    row = Certificate.objects.get()
    shown = page.content.decode()
    assert all(part in shown for part in ("RSA 2048", row.serial, "CN=演示签名", "有效"))
    trust = trusted_for([firm.organisation_id], at=timezone.now())[firm.organisation_id]
    assert trust.by_key_name(row.serial)
    page = client.post(reverse("new-certificate"), {"file": file(key.certificate)})
    assert page.status_code == 422 and "已登记" in page.content.decode()
    url = reverse("revoke-certificate", args=[row.pk])
    yesterday = timezone.localdate() - timedelta(days=1)
    page = client.post(url, {"from_day": yesterday, "reason": "换卡"})
    assert page.status_code == 422 and "换卡" in page.content.decode()
    later = timezone.localdate() + timedelta(days=3)
    client.post(url, {"from_day": later, "reason": "换卡"})
    assert trusted_for([firm.organisation_id], at=timezone.now())[firm.organisation_id].by_key_name(row.serial)
    client.post(url, {"from_day": timezone.localdate(), "reason": "遗失"})
    after = trusted_for([firm.organisation_id], at=timezone.now())[firm.organisation_id]
    assert after.by_key_name(row.serial) is None
    assert client.post(url, {"from_day": later, "reason": "x"}).status_code == 422
    page = client.post(reverse("new-certificate"), {"file": file(key.certificate)})
    assert page.status_code == 422 and "已撤销" in page.content.decode()


def test_an_sm2_certificate_is_shown_as_one_in_english_too(as_, firm):
    client = as_(firm)
    firm.language = "en"
    firm.save()
    page = client.post(reverse("new-certificate"), {"file": file(keys.sm2_key().certificate)}, follow=True)
    assert "SM2" in page.content.decode()
    assert client.get(reverse("certificates")).status_code == 200


def test_a_private_key_is_refused_and_not_kept(as_, firm):
    page = as_(firm).post(reverse("new-certificate"), {"file": file(keys.p12(keys.rsa_key()), "a.p12")})
    assert page.status_code == 422 and "私钥" in page.content.decode()
    assert not Certificate.objects.exists()


def test_others_see_no_certificate_of_a_firm_and_the_office_revokes_none(as_, firm):
    as_(firm).post(reverse("new-certificate"), {"file": file(keys.rsa_key().certificate)})
    row = Certificate.objects.get()
    assert as_(make_user(Role.FIRM_MANAGER)).get(reverse("certificate", args=[row.pk])).status_code == 404
    office = as_(make_user(Role.SYSTEM_ADMIN))
    assert office.get(reverse("certificate", args=[row.pk])).status_code == 200
    url = reverse("revoke-certificate", args=[row.pk])
    assert office.post(url, {"from_day": timezone.localdate(), "reason": "x"}).status_code == 404


# Appointments ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def service():
    return make_organisation(OrganisationKind.OPERATOR, name_zh="口岸密钥服务")


def appointed(service, **more) -> dict:
    today = timezone.localdate()
    return {"service": str(service.pk), "document_no": "委〔2026〕7号", "document_day": today, "since": today,
            "paper": file(PAPER, "委托书.pdf"), "file": file(keys.p12(keys.rsa_key()), "k.p12"),
            "password": keys.PASSWORD} | more  # fmt: skip


def test_a_firm_appoints_a_key_service_which_signs_until_it_is_ended(as_, firm, service):
    client = as_(firm)
    page = client.post(reverse("new-appointment"), appointed(service), follow=True)
    assert "口岸密钥服务" in page.content.decode() and "委〔2026〕7号" in page.content.decode()
    row = KeyAppointment.objects.get()
    assert PAPER not in bytes(row.sealed_paper) and row.certificate_serial == "5eed7701"
    assert b"".join(client.get(reverse("appointment-paper", args=[row.pk]))) == PAPER
    signed = sign_for(actor=firm, organisation_id=firm.organisation_id, raw=_message(), at=timezone.now())
    assert b"SignatureValue" in signed
    client.post(reverse("revoke-appointment", args=[row.pk]))
    row.refresh_from_db()
    assert bytes(row.sealed_key) == b"" and row.ended_at
    with pytest.raises(NoSigner):
        sign_for(actor=firm, organisation_id=firm.organisation_id, raw=_message(), at=timezone.now())
    acts = set(AuditEntry.objects.values_list("act", flat=True))
    assert acts >= {"appoint_key_service", "register_certificate", "sign_for_firm", "revoke_key_appointment"}


def test_an_appointment_holds_from_its_first_day_to_its_last(as_, firm, service):
    first = timezone.localdate() + timedelta(days=2)
    as_(firm).post(reverse("new-appointment"), appointed(service, since=first, last_day=first))
    midnight = timezone.make_aware(timezone.datetime.combine(first, timezone.datetime.min.time()))
    holds = [signer_of(firm.organisation_id, at=midnight + timedelta(hours=hours)) for hours in (-1, 0, 23, 24)]
    assert [one is not None for one in holds] == [False, True, True, False]


def test_a_new_appointment_ends_the_earlier_and_erases_its_key(as_, firm, service):
    as_(firm).post(reverse("new-appointment"), appointed(service))
    as_(firm).post(reverse("new-appointment"), appointed(service, document_no="委〔2026〕8号",
                                                         file=file(keys.sm2_pem(keys.sm2_key()))))  # fmt: skip
    old, new = KeyAppointment.objects.order_by("pk")
    assert old.ended_at and not old.sealed_key and new.ended_at is None


@pytest.mark.parametrize(
    "wrong",
    [{"paper": lambda: file(b"no pdf", "a.pdf")}, {"paper": lambda: file(ACTIVE)},
     {"file": lambda: file(b"x")}, {"password": lambda: "wrong"}, {"service": lambda: "nobody"},
     {"file": lambda: file(keys.p12(keys.expired_key()))},
     {"since": lambda: timezone.localdate() - timedelta(days=1)},
     {"last_day": lambda: timezone.localdate() - timedelta(days=1)},
     {"document_day": lambda: timezone.localdate() + timedelta(days=1)}, {"document_no": lambda: ""}],
)  # fmt: skip
def test_a_wrong_appointment_is_refused_and_keeps_what_was_typed(as_, firm, service, wrong):
    given = {name: make() for name, make in wrong.items()}
    page = as_(firm).post(reverse("new-appointment"), appointed(service) | given)
    assert page.status_code == 422
    assert "委〔2026〕7号" in page.content.decode() or "document_no" in given
    assert not KeyAppointment.objects.exists() and not Certificate.objects.exists()


def test_who_else_sees_and_ends_an_appointment(as_, firm, service, admin):
    as_(firm).post(reverse("new-appointment"), appointed(service))
    row = KeyAppointment.objects.get()
    page, end = reverse("appointment", args=[row.pk]), reverse("revoke-appointment", args=[row.pk])
    assert as_(make_user(Role.FIRM_MANAGER)).get(page).status_code == 404
    assert as_(make_user(Role.FIRM_MANAGER)).post(end).status_code == 404
    assert as_(make_user(Role.PORT_OFFICE_CLERK)).get(page).status_code == 200
    assert as_(make_user(Role.PORT_OFFICE_CLERK)).post(end).status_code == 403
    keeper = make_user(Role.FIRM_MANAGER, organisation=service)
    assert as_(keeper).get(page).status_code == 200 and as_(keeper).post(end).status_code == 404
    as_(admin).post(end)
    row.refresh_from_db()
    assert row.ended_at


def _message() -> bytes:
    from kouan.gateway.standards.ceb.codec import encode
    from kouan.gateway.standards.ceb.tests.making import envelope_of, node_of

    return encode(envelope_of("621", node_of("621")))
