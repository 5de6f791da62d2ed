"""What the walk over all doors needs of each app: a thing behind every door that has an address with a part in it.

A new door of that kind needs an entry in ``EXAMPLES``; the walk names the doors that have none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone

from kouan.accounts.codes import Role
from kouan.accounts.factories import make_delegation, make_organisation, make_user
from kouan.accounts.models import DelegationRequest, User
from kouan.accounts.services import ask_for_delegation
from kouan.audit.models import AuditEntry
from kouan.audit.services import record
from kouan.brokerage.selectors import list_waiting
from kouan.brokerage.services.batching import begin_batch
from kouan.brokerage.services.keeping import keep_article, keep_client
from kouan.checking.factories import make_rule
from kouan.clearance.models import Inspection, Review
from kouan.clearance.services.coordinating import open_ticket
from kouan.clearance.services.routing import route_messages
from kouan.decisions.services.editing import begin_version, submit_version
from kouan.decisions.services.replaying import ask_replay
from kouan.declarations.factories import (
    ACTOR,
    make_channels,
    make_firms,
    make_national_channel,
    make_sheet,
    make_values,
    send,
)
from kouan.declarations.models import Case, Document, DocumentVersion
from kouan.declarations.services.checking import submit_for_check
from kouan.declarations.services.declaring_sheets import keep_sheet
from kouan.declarations.services.drafting import declare_draft, save_draft
from kouan.declarations.services.matching import match_messages
from kouan.declarations.services.storing import store_messages
from kouan.gateway.codes import Carrier, Carries, Side, SignerKind, Step
from kouan.gateway.models import Connection, Delivery, KeyAppointment, Receipt
from kouan.gateway.registered import find_certificate_of
from kouan.gateway.sealing import seal
from kouan.gateway.services.appointments import appoint_key_service
from kouan.gateway.services.connections import open_connection
from kouan.gateway.services.receiving import receive
from kouan.gateway.services.tokens import issue_token
from kouan.gateway.services.working import run_step
from kouan.gateway.standards.ceb.generate import parcels
from kouan.gateway.standards.xmldsig.keys import demo_sm2_key
from kouan.goods import factories as goods
from kouan.goods.services.applying import ask_for_application
from kouan.goods.services.checking import take_back_draft
from kouan.goods.services.drafting import add_file, begin_draft, keep_many
from kouan.goods.services.sheeting import keep_sheet as keep_goods_sheet
from kouan.kernel.identifiers import uuid7
from kouan.notices.codes import Pace
from kouan.notices.factories import make_endpoint
from kouan.notices.models import Mail, Notice
from kouan.notices.services.mailing import choose_mail
from kouan.supervision.factories import Town
from kouan.transport.tests.test_places import register


@dataclass
class Example:
    """A door as the rightful one passes it; a stranger has the same role elsewhere, or there is none to keep out."""

    args: dict[str, Any]
    owner: Any
    stranger: Any = None
    method: str = "GET"
    data: dict[str, Any] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)


class World:
    """A small town: firms that declared one parcel, the agencies and the site that it concerns, and strangers."""

    def __init__(self) -> None:
        self.at = timezone.now()
        self.firms = make_firms()
        make_national_channel(self.firms["621"].pk)
        self.channels = make_channels(self.firms)
        [self.message_id, *_rest] = send(self.channels, parcels(1, at=self.at), at=self.at)
        steps = ((Step.STORE, store_messages), (Step.MATCH, match_messages), (Step.ROUTE, route_messages))
        while sum(run_step(step=step, handle=handle, at=self.at) for step, handle in steps):
            pass
        self.case = Case.objects.get()
        self.site = make_organisation("site_operator")
        Case.objects.update(agencies=["customs", "maritime"], parties=[*self.case.parties, self.site.pk])
        self.trader = make_user(Role.TRADER_CLERK, organisation=self.firms["621"])
        self.platform_clerk = make_user(Role.TRADER_CLERK, organisation=self.firms["311"])
        self.stranger = make_user(Role.TRADER_CLERK)
        self.office = make_user(Role.PORT_OFFICE_CLERK)

    def user(self, role: Role, **columns: Any) -> User:
        """A person of this role."""
        return make_user(role, **columns)

    @cached_property
    def town(self) -> Town:
        """A document in the ledger, its conference, and the units of both."""
        return Town(at=self.at, office=self.office)

    @cached_property
    def goods(self) -> Goods:
        """A goods declaration, apart from the parcels."""
        return Goods(self.at)

    @cached_property
    def asked(self) -> DelegationRequest:
        """A broker's request for a delegation of the platform."""
        return ask_for_delegation(actor=self.trader, at=self.at, client_id=self.firms["311"].pk)

    @cached_property
    def firm_admin(self) -> User:
        """Who keeps the connections of the firm that declares."""
        return make_user(Role.FIRM_MANAGER, organisation=self.firms["621"])

    @cached_property
    def appointed(self) -> tuple[KeyAppointment, Any]:
        """The appointment that the platform gave, and the certificate of its key; the declarant signs with its card."""
        row = appoint_key_service(
            actor=ACTOR, organisation_id=self.firms["311"].pk, kind=SignerKind.TEST, document_no="1",
            key=demo_sm2_key("演示", since=self.at), at=self.at,
        )  # fmt: skip
        row.paper_name, row.sealed_paper = "a.pdf", seal(b"%PDF")
        row.save()
        return row, find_certificate_of(row)

    @cached_property
    def review(self) -> Review:
        """What one agency thinks of the case."""
        return Review.objects.create(
            case_id=self.case.pk,
            version=1,
            agency="maritime",
            way="recorded",
            opened_at=self.at,
            state_since=self.at,
        )

    @cached_property
    def inspection(self) -> Inspection:
        """An inspection of the case at the site."""
        return Inspection.objects.create(
            case_id=self.case.pk,
            version=1,
            agency="customs",
            parties=[self.firms["621"].pk, self.site.pk],
            ordered_at=self.at,
            state_since=self.at,
        )

    @cached_property
    def site_tokens(self) -> tuple[str, str]:
        """The tokens of the systems of two sites."""
        one, other = (self._token_of(organisation) for organisation in (self.site, make_organisation("site_operator")))
        return one, other

    def _token_of(self, organisation: Any) -> str:
        channel = open_connection(
            actor=ACTOR,
            organisation_id=organisation.pk,
            name="场所系统",
            carrier=Carrier.HTTP,
            side=Side.SITE,
            at=self.at,
        )
        return issue_token(actor=ACTOR, connection_id=channel.pk, at=self.at)


@dataclass
class Goods:
    """A goods declaration that customs has received, its file, an application over it, and a draft of the firm."""

    at: datetime

    def __post_init__(self) -> None:
        self.firm = goods.make_agent()
        self.clerk = make_user(Role.TRADER_CLERK, organisation=self.firm)
        self.window = goods.make_window(self.firm.pk)
        self.file = "470000000001IM000000000000000001.pdf"
        goods.send(goods.make_channel(self.firm.pk), goods.make_message(files={self.file: goods.PDF}), at=self.at)
        self.row = goods.the_declaration()
        goods.hear(self.window, goods.imported(self.row.client_no), at=self.at)

    @cached_property
    def application(self) -> Any:
        goods.hear(self.window, goods.channel_said("L", self.at), at=self.at)
        return ask_for_application(
            user=self.clerk, declaration_id=self.row.pk, kind="correct", reason="品名", changes="", at=self.at
        )

    @cached_property
    def draft(self) -> Any:
        return begin_draft(user=self.clerk, at=self.at)

    def draft_between(self, act: str) -> Any:
        """A draft that may be handed over to be checked, or taken back from it."""
        make_rule(self.firm, kinds=["goods"], checkers=[self.clerk])
        made = keep_many(user=self.clerk, sets=[goods.make_values()], at=self.at)[0]
        if act == "submit":
            take_back_draft(user=self.clerk, draft_id=made.pk, at=self.at)
        else:
            make_rule(self.firm, kinds=[], checkers=[])
        return made

    @cached_property
    def draft_file(self) -> Any:
        return add_file(user=self.clerk, draft_id=self.draft.pk, firm_name="a.pdf", document_kind="00000001",
                        content=goods.PDF, at=self.at)  # fmt: skip

    @cached_property
    def sheet(self) -> Any:
        return keep_goods_sheet(user=self.clerk, name="a.csv", data=b"a\n", at=self.at)

    @cached_property
    def held(self) -> Any:
        """A message of the firm's own system that waits for its checker."""
        make_rule(self.firm, kinds=["goods"], checkers=[self.clerk], holds_machine=True)
        message_id = goods.send(goods.make_channel(self.firm.pk), goods.make_message(2), at=self.at)
        make_rule(self.firm, kinds=[], checkers=[])
        return message_id

    @cached_property
    def unplaced(self) -> Any:
        """The message of an official answer whose number nobody knows."""
        said = goods.channel_said("L", self.at, seq_no="I00000000000000099")
        [kept] = receive(channel=self.window, body=said, at=self.at)
        goods.work(at=self.at)
        return kept.message_id


def _of_goods(method: str = "GET", **args: Any) -> Callable[[World], Example]:
    def example(world: World) -> Example:
        given = {name: getattr(world.goods, value) if value == "file" else value for name, value in args.items()}
        return Example({"pk": world.goods.row.pk} | given, world.goods.clerk, world.stranger, method)

    return example


def _goods_draft(method: str = "GET") -> Callable[[World], Example]:
    return lambda world: Example({"pk": world.goods.draft.pk}, world.goods.clerk, world.stranger, method)


def _goods_draft_between(act: str) -> Callable[[World], Example]:
    def example(world: World) -> Example:
        return Example({"pk": world.goods.draft_between(act).pk}, world.goods.clerk, world.stranger, "POST")

    return example


def _goods_draft_file(world: World) -> Example:
    args = {"pk": world.goods.draft.pk, "file": world.goods.draft_file.pk}
    return Example(args, world.goods.clerk, world.stranger, "POST")


def _goods_sheet(world: World) -> Example:
    return Example({"pk": world.goods.sheet.pk}, world.goods.clerk, world.stranger)


def _unplaced_goods(world: World) -> Example:
    return Example({"message": world.goods.unplaced, "place": 1}, world.office)


def _goods_application(world: World) -> Example:
    return Example({"pk": world.goods.application.pk}, world.goods.clerk, world.stranger)


def _of_a_case(world: World) -> Example:
    return Example({"pk": world.case.pk}, world.trader, world.stranger)


def _open_ticket(world: World) -> Example:
    return Example({"pk": world.case.pk}, world.office)


def _review(world: World) -> Example:
    owner = world.user(Role.OFFICER, agency="maritime")
    return Example({"pk": world.review.pk}, owner, world.user(Role.OFFICER, agency="tax"))


def _inspection(world: World) -> Example:
    owner = world.user(Role.SITE_CLERK, organisation=world.site)
    return Example({"pk": world.inspection.pk}, owner, world.user(Role.SITE_CLERK))


def _ticket(world: World) -> Example:
    ticket = open_ticket(
        user=world.office,
        case_id=world.case.pk,
        question="何时能答复？",
        party_ids=[world.firms["621"].pk],
        due_at=None,
        at=world.at,
    )
    return Example({"pk": ticket.pk}, world.trader, world.stranger)


def _draft(method: str = "GET", **data: Any) -> Callable[[World], Example]:
    def example(world: World) -> Example:
        draft = save_draft(user=world.trader, draft_id=None, values={"order_no": "1"}, at=world.at)
        return Example({"pk": draft.pk}, world.trader, world.stranger, method, data)

    return example


def _draft_to_check(world: World) -> Example:
    make_rule(world.firms["621"], kinds=["parcels"], checkers=[world.trader])
    draft = save_draft(user=world.trader, draft_id=None, values=make_values(), at=world.at)
    submit_for_check(user=world.trader, pk=draft.pk, at=world.at)
    make_rule(world.firms["621"], kinds=[], checkers=[])
    return Example({"pk": draft.pk}, world.trader, world.stranger, "POST")


def _to_sign(**args: Any) -> Callable[[World], Example]:
    """A draft whose messages wait for the card of a firm that appointed no key."""

    def example(world: World) -> Example:
        draft = save_draft(user=world.trader, draft_id=None, values=make_values(), at=world.at)
        declare_draft(user=world.trader, draft_id=draft.pk, at=world.at)
        return Example({"pk": draft.pk} | args, world.trader, world.stranger)

    return example


def _sheet(world: World) -> Example:
    sheet = keep_sheet(user=world.trader, name="a.xlsx", data=make_sheet([make_values()]), at=world.at)
    return Example({"pk": sheet.pk}, world.trader, world.stranger)


def _message(world: World) -> Example:
    return Example({"pk": world.message_id}, world.platform_clerk, world.stranger)


def _kept(method: str = "GET") -> Callable[[World], Example]:
    return lambda world: Example({"pk": world.message_id}, world.office, world.stranger, method)


def _resent_receipt(world: World) -> Example:
    return Example({"pk": Receipt.objects.latest("id").pk}, world.office, world.stranger)


def _connection(world: World) -> Example:
    return Example({"pk": world.channels["621"].pk}, world.office, world.stranger)


def _firms_connection(method: str = "GET") -> Callable[[World], Example]:
    """A firm's own connection, as its administrator passes; the one of another firm must not."""
    return lambda world: Example(
        {"pk": world.channels["621"].pk}, world.firm_admin, world.user(Role.FIRM_MANAGER), method
    )


def _firms_token(world: World) -> Example:
    """A token of a firm's own connection."""
    channel = world.channels["621"]
    token = channel.tokens.first()
    if token is None:
        issue_token(actor=ACTOR, connection_id=channel.pk, at=world.at)
        token = channel.tokens.get()
    return Example({"pk": token.pk}, world.firm_admin, world.user(Role.FIRM_MANAGER))


def _outgoing(world: World) -> Example:
    """The way to the national side by HTTP, which shows a credential."""
    channel = Connection.objects.filter(name="国家侧 HTTP").first() or open_connection(
        actor=ACTOR, organisation_id=world.office.organisation_id, name="国家侧 HTTP", carrier=Carrier.HTTP,
        side=Side.NATIONAL, carries=Carries.GOODS, address="https://localhost", at=world.at,
    )  # fmt: skip
    return Example({"pk": channel.pk}, world.office)


def _delivery(world: World) -> Example:
    attempt = Delivery.objects.create(
        item_id=world.message_id, connection_id=world.channels["621"].pk, outcome="delivered", at=world.at
    )
    return Example({"pk": attempt.pk}, world.firm_admin, world.user(Role.FIRM_MANAGER))


def _certificate(world: World) -> Example:
    owner = world.user(Role.FIRM_MANAGER, organisation=world.firms["311"])
    return Example({"pk": world.appointed[1]}, owner, world.user(Role.FIRM_MANAGER))


def _appointment(world: World) -> Example:
    owner = world.user(Role.FIRM_MANAGER, organisation=world.firms["311"])
    return Example({"pk": world.appointed[0].pk}, owner, world.user(Role.FIRM_MANAGER))


def _played(world: World) -> Example:
    return Example({"pk": 1}, world.office, world.stranger, "POST")


def _receipt(world: World) -> Example:
    receipt = Receipt.objects.filter(organisation_id=world.firms["621"].pk).latest("id")
    return Example({"pk": receipt.pk}, world.trader, world.stranger)


def _place(role: Role, code: str) -> Callable[[World], Example]:
    def example(world: World) -> Example:
        register(code=code)
        return Example({"code": code}, world.user(role))

    return example


def _decision(**args: Any) -> Callable[[World], Example]:
    return lambda world: Example({"key": "parcel_routing"} | args, world.user(Role.OFFICER))


def _written_table(method: str = "GET", *, is_submitted: bool = False) -> Callable[[World], Example]:
    def example(world: World) -> Example:
        office = world.user(Role.PORT_OFFICE_CLERK)
        version = begin_version(actor=office, at=world.at, key="parcel_routing", number=1)
        if is_submitted:
            submit_version(actor=office, at=world.at, key="parcel_routing", number=version.number)
        return Example({"key": "parcel_routing", "number": version.number}, office, method=method)

    return example


def _replay(world: World) -> Example:
    office = world.user(Role.PORT_OFFICE_CLERK)
    asked = ask_replay(actor=office, at=world.at, key="parcel_routing", number=1, months=1)
    return Example({"pk": asked.pk}, office)


def _compared(world: World) -> Example:
    return Example({"key": "parcel_routing", "number": 1, "other": 1}, world.user(Role.OFFICER))


def _code_table(world: World) -> Example:
    return Example({"key": "currency"}, world.stranger)


def _gallery(world: World) -> Example:
    return Example({"page": "list"}, world.user(Role.SYSTEM_ADMIN))


def _organisation(world: World) -> Example:
    return Example({"pk": world.firms["621"].pk}, world.trader, world.stranger)


def _register(role: Role, method: str = "GET") -> Callable[[World], Example]:
    """A door to an organisation that the administrators keep for everybody."""
    return lambda world: Example({"pk": world.firms["621"].pk}, world.user(role), method=method)


def _person(role: Role, method: str = "GET") -> Callable[[World], Example]:
    return lambda world: Example({"pk": world.trader.pk}, world.user(role), method=method)


def _library_entry(kind: str, **args: Any) -> Callable[[World], Example]:
    def example(world: World) -> Example:
        values = {"code": "4201000009", "article_no": "A-1", "hs_code": "8413709990", "name": "水泵"}
        keep = keep_client if kind == "clients" else keep_article
        return Example({"pk": keep(user=world.trader, values=values, at=world.at).pk} | args, world.trader,
                       world.stranger)  # fmt: skip

    return example


def _broker_batch(world: World) -> Example:
    draft = save_draft(user=world.trader, draft_id=None, values={"order_no": "1"}, at=world.at)
    rows = list(list_waiting(world.trader).filter(pk=draft.pk))
    batch = begin_batch(user=world.trader, act="send", rows=rows, at=world.at)
    return Example({"pk": batch.pk}, world.trader, world.stranger)


def _request(side: str) -> Callable[[World], Example]:
    def example(world: World) -> Example:
        people = {"621": world.trader, "311": world.platform_clerk}
        return Example({"pk": world.asked.pk}, people[side], world.stranger)

    return example


def _delegation(method: str = "GET") -> Callable[[World], Example]:
    def example(world: World) -> Example:
        delegation = make_delegation(client=world.firms["311"], agent=world.firms["621"])
        return Example({"pk": delegation.pk}, world.trader, world.stranger, method)

    return example


def _audit_entry(world: World) -> Example:
    record(actor=ACTOR, act="test", subject_kind="thing", subject_id="1", at=world.at)
    return Example({"pk": AuditEntry.objects.latest("id").pk}, world.user(Role.AUDIT_ADMIN))


def _supervised(thing: str, who: str = "liaison", method: str = "GET", **args: Any) -> Callable[[World], Example]:
    """A thing of the ledger or the conference as somebody passes its door; a unit elsewhere must not."""

    def example(world: World) -> Example:
        town = world.town
        owner = getattr(town, who)
        stranger = None if who == "office" else town.stranger(owner)
        return Example({"pk": getattr(town, thing).pk} | args, owner, stranger, method)

    return example


def _subtask(world: World) -> Example:
    return Example({"parent": world.town.task.pk}, world.office)


def _held_topic(world: World) -> Example:
    return Example({"pk": world.town.meeting.topics.get().pk}, world.office)


def _correct_document(world: World) -> Example:
    example = _supervised("document", "office")(world)
    example.query = {"kind": "title", "clause": world.town.task.clause}
    return example


def _add_missed(world: World) -> Example:
    example = _supervised("document", "office")(world)
    example.query = {"kind": "new_task", "from": "0", "to": "9"}
    return example


def _take_back(world: World) -> Example:
    town = world.town
    return Example({"pk": town.document.pk, "correction": town.correction.pk}, world.office, method="POST")


def _reach_node(world: World) -> Example:
    town = world.town
    args = {"pk": town.measure.pk, "node": town.node.pk}
    return Example(args, town.liaison, town.stranger(town.liaison))


def _report_result(world: World) -> Example:
    town = world.town
    return Example({"pk": town.decision.pk, "meeting": town.next_meeting.pk}, world.office)


def _indicator(**columns: Any) -> Callable[[World], Example]:
    def example(world: World) -> Example:
        town = world.town
        args = {"key": town.indicator.key} | ({"pk": town.reading.pk} if columns.get("is_reading") else {})
        return Example(args, town.liaison, world.user(None) if not columns.get("is_open") else None)

    return example


def _open_report(world: World) -> Example:
    return Example({"frequency": "monthly"}, world.town.liaison, method="POST")


def _notice(world: World) -> Example:
    notice = Notice.objects.create(
        organisation_id=world.firms["621"].pk, event_id=uuid7(), topic="case.returned", subject_id=world.case.pk,
        subject_kind="import_list", number="1", url=reverse("case", args=[world.case.pk]), is_declarer=True,
        at=world.at,
    )  # fmt: skip
    return Example({"pk": notice.pk}, world.trader, world.stranger)


def _mail_link(world: World) -> Example:
    choose_mail(user=world.trader, address="a@example.com", pace=Pace.DAILY, at=world.at)
    token = Mail.objects.latest("pk").body.partition("/notices/mail/")[2].split()[0]
    return Example({"token": token}, world.trader, world.stranger)


def _letter(method: str = "GET") -> Callable[[World], Example]:
    def example(world: World) -> Example:
        choose_mail(user=world.trader, address=f"{method}@example.com", pace=Pace.DAILY, at=world.at)
        letter = Mail.objects.latest("pk")
        owner = world.trader if method == "GET" else world.user(Role.SYSTEM_ADMIN)
        return Example({"pk": letter.pk}, owner, world.stranger, method)

    return example


def _endpoint(method: str = "GET") -> Callable[[World], Example]:
    def example(world: World) -> Example:
        endpoint = make_endpoint(world.firms["621"].pk, at=world.at)
        return Example({"pk": endpoint.pk}, world.trader, world.stranger, method)

    return example


def _of_an_export(world: World) -> Example:
    case = Case.objects.get(pk=world.case.pk)
    case.pk, case.direction, case.list_no = uuid7(), "E", "47002026E000000001"
    case.save(force_insert=True)
    return Example({"pk": case.pk}, world.trader, world.stranger)


def _movement(world: World) -> Example:
    mine = world.trader.organisation_id
    document = Document.objects.create(
        kind="607", owner_code="420196YS05", number="ZD1", organisation_id=mine, sender_id=mine,
        connection_id=world.channels["621"].pk, current_number=1, message_id=uuid7(), app_time="20261122100000",
        digest=uuid7(),
    )  # fmt: skip
    DocumentVersion.objects.create(
        document_id=document.pk, number=1, kind="607", app_type="1", app_time=document.app_time,
        message_id=document.message_id, node_index=1, digest=document.digest, received_at=world.at,
    )  # fmt: skip
    return Example({"pk": document.pk}, world.trader, world.stranger)


EXAMPLES: dict[str, Callable[[World], Example]] = {
    "connection": _connection,
    "change-connection": _firms_connection(),
    "close-connection": _firms_connection(),
    "reopen-connection": _firms_connection("POST"),
    "issue-token": _firms_connection(),
    "replace-token": _firms_token,
    "revoke-token": _firms_token,
    "set-credential": _outgoing,
    "remove-credential": _outgoing,
    "delivery": _delivery,
    "certificate": _certificate,
    "revoke-certificate": _certificate,
    "appointment": _appointment,
    "appointment-paper": _appointment,
    "revoke-appointment": _appointment,
    "counterpart-decide": _played,
    "resend-message": _kept(),
    "resend-receipt": _resent_receipt,
    "retry": _kept("POST"),
    "goods-declaration": _of_goods(),
    "goods-file": _of_goods(version=1, name="file"),
    "follow-goods": _of_goods("POST"),
    "goods-acknowledgement": _of_goods(),
    "goods-official-receipt": _of_goods(),
    "goods-sheet-trial": _goods_sheet,
    "annotated-goods-sheet": _goods_sheet,
    "unplaced-goods-answer": _unplaced_goods,
    "copy-goods": _of_goods("POST"),
    "learn-one-broker-library": _of_goods("POST"),
    "held-goods": lambda world: Example({"pk": world.goods.held}, world.goods.clerk, world.stranger),
    "correct-goods": _of_goods(),
    "ask-goods-application": _of_goods(),
    "record-goods-tax": _of_goods(),
    "goods-draft": _goods_draft(),
    "save-goods-draft": _goods_draft("POST"),
    "check-goods-draft": _goods_draft("POST"),
    "goods-elements": _goods_draft("POST"),
    "review-goods-draft": _goods_draft(),
    "submit-goods-draft": _goods_draft_between("submit"),
    "take-back-goods-draft": _goods_draft_between("take_back"),
    "add-goods-file": _goods_draft(),
    "remove-goods-file": _goods_draft_file,
    "discard-goods-draft": _goods_draft(),
    "goods-application": _goods_application,
    "take-back-goods-application": _goods_application,
    "case": _of_a_case,
    "cancel-export": _of_an_export,
    "return-export": _of_an_export,
    "movement": _movement,
    "new-movement": lambda world: Example({"kind": "departure"}, world.trader),
    "copy-case": lambda world: Example({"pk": world.case.pk}, world.trader, world.stranger, "POST"),
    "persons": lambda world: Example({"kind": "case", "pk": world.case.pk}, world.trader, world.stranger),
    "open-ticket": _open_ticket,
    "review": _review,
    "confirm-review": lambda world: replace(_review(world), method="POST"),
    "inspection": _inspection,
    "ticket": _ticket,
    "draft": _draft(),
    "review-draft": _draft(),
    "take-back-draft": _draft_to_check,
    "save-draft": _draft("POST"),
    "check-draft": _draft("POST"),
    "discard-draft": _draft("POST"),
    "unsigned-messages": _to_sign(),
    "unsigned-message": _to_sign(number=1),
    "upload-signed": _to_sign(),
    "reopen-draft": _to_sign(),
    "sheet": _sheet,
    "annotated-sheet": _sheet,
    "message": _message,
    "receipt": _receipt,
    "place": _place(Role.TRADER_CLERK, "T4722W"),
    "place-change": _place(Role.PORT_OFFICE_CLERK, "T4722X"),
    "place-close": _place(Role.PORT_OFFICE_CLERK, "T4722Y"),
    "decision": _decision(),
    "decision-version": _decision(number=1),
    "key-destroy": lambda world: Example({"month": "2020-01"}, world.user(Role.SECURITY_ADMIN)),
    "decision-begin": _written_table("POST"),
    "decision-edit": _written_table(),
    "decision-keep-example": _written_table("POST"),
    "decision-drop-example": _written_table("POST"),
    "decision-approve": _written_table(),
    "decision-send-back": _written_table("POST", is_submitted=True),
    "decision-discard": _written_table(),
    "decision-ask-replay": _written_table("POST"),
    "decision-compare": _compared,
    "decision-replay": _replay,
    "code-table": _code_table,
    "pick-codes": _code_table,
    "design-page": _gallery,
    "organisation": _organisation,
    "edit-organisation": _register(Role.SYSTEM_ADMIN),
    "rename-organisation": _register(Role.SYSTEM_ADMIN),
    "new-alias": _register(Role.SYSTEM_ADMIN),
    "new-unit": _register(Role.SYSTEM_ADMIN),
    "new-person": _register(Role.SYSTEM_ADMIN),
    "person": _person(Role.SECURITY_ADMIN),
    "edit-person": _person(Role.SYSTEM_ADMIN),
    "person-roles": _person(Role.SECURITY_ADMIN),
    "person-password": _person(Role.SYSTEM_ADMIN),
    "person-provider": _person(Role.SYSTEM_ADMIN),
    "remove-person-provider": _person(Role.SYSTEM_ADMIN),
    "suspend-person": _person(Role.SYSTEM_ADMIN),
    "reactivate-person": _person(Role.SYSTEM_ADMIN, "POST"),
    "unlock-person": _person(Role.SECURITY_ADMIN, "POST"),
    "broker-batch": _broker_batch,
    "broker-client": _library_entry("clients"),
    "broker-library-template": lambda world: Example({"library": "clients"}, world.trader),
    "import-broker-library": lambda world: Example({"library": "articles"}, world.trader),
    "broker-article": _library_entry("articles"),
    "end-broker-entry": _library_entry("clients", library="clients"),
    "delegation": _delegation(),
    "delegation-request": _request("621"),
    "grant-delegation": _request("311"),
    "decline-delegation": _request("311"),
    "take-back-request": _request("621"),
    "revoke-delegation": _delegation(),
    "audit-entry": _audit_entry,
    "policy-document": _supervised("document"),
    "policy-document-original": _supervised("document"),
    "document-matrix": _supervised("document"),
    "correct-policy-head": _supervised("document", "office"),
    "correct-policy-document": _correct_document,
    "add-missed": _add_missed,
    "take-back": _take_back,
    "read-again": _supervised("document", "office", "POST"),
    "confirm-policy-document": _supervised("document", "office"),
    "repeal-policy-document": _supervised("document", "office"),
    "found-conference": _supervised("document", "office", body=0),
    "task": _supervised("task"),
    "new-subtask": _subtask,
    "hand-over": _supervised("task", "office"),
    "assign-department": _supervised("task"),
    "resolve-unit": _supervised("duty", "office"),
    "bind-target": _supervised("target", "office"),
    "measure": _supervised("measure"),
    "give-evidence": _supervised("measure"),
    "claim-measure": _supervised("measure"),
    "issue-letter": _supervised("measure", "office"),
    "close-measure": _supervised("measure", "office"),
    "decide-measure": _supervised("measure", "office", act="cancel"),
    "ask-extension": _supervised("measure"),
    "set-deadline": _supervised("measure", "office"),
    "add-node": _supervised("measure"),
    "reach-node": _reach_node,
    "verify-evidence": _supervised("evidence", "office"),
    "evidence-file": _supervised("evidence"),
    "decide-extension": _supervised("extension", "office"),
    "open-report": _open_report,
    "report": _supervised("report"),
    "act-on-report": _supervised("submitted_report", "principal", act="approve"),
    "warning": _supervised("warning"),
    "answer-warning": _supervised("warning"),
    "conference": _supervised("conference"),
    "propose-seat": _supervised("conference"),
    "plan-meeting": _supervised("conference", "office"),
    "submit-topic": _supervised("conference"),
    "decide-seat": _supervised("seat", "office", act="end"),
    "topic-paper": _supervised("topic"),
    "defer-topic": _supervised("topic", "office"),
    "meeting": _supervised("meeting"),
    "place-topic": _supervised("next_meeting", "office"),
    "change-meeting": _supervised("next_meeting", "office"),
    "record-discussion": _held_topic,
    "record-decision": _supervised("meeting", "office"),
    "issue-minutes": _supervised("meeting", "office"),
    "act-on-meeting": _supervised("next_meeting", "office", act="cancel"),
    "answer-call": _supervised("attendance"),
    "record-approval": _supervised("decision", "office"),
    "report-result": _report_result,
    "duty-table": _supervised("document", kind="xlsx"),
    "meeting-paper": _supervised("meeting", what="notice", kind="docx"),
    "warning-paper": _supervised("warning", kind="docx"),
    "ledger-brief": lambda world: Example({"kind": "docx"}, world.office),
    "draft-plan": _supervised("conference", "office"),
    "plan-joint-inspection": _supervised("conference", "office"),
    "annual-plan": _supervised("adopted_plan"),
    "add-priority": _supervised("annual_plan", "office"),
    "adopt-plan": _supervised("annual_plan", "office"),
    "review-plan": _supervised("annual_plan", "office"),
    "coordination-case": _supervised("coordination_case"),
    "say-position": _supervised("coordination_case"),
    "move-coordination": _supervised("coordination_case", "office", act="weigh"),
    "joint-inspection": _supervised("joint_inspection"),
    "record-findings": _supervised("joint_inspection", "office"),
    "formal-inspection": _supervised("formal_inspection"),
    "step-inspection": _supervised("formal_inspection", step="ask_review"),
    "indicator": _indicator(),
    "enter-reading": _indicator(is_open=True),
    "reading-file": _indicator(is_reading=True),
    "follow-case": lambda world: Example({"pk": world.case.pk}, world.trader, world.stranger, "POST"),
    "acknowledgement": _of_a_case,
    "official-receipt": _of_a_case,
    "notice": _notice,
    "confirm-mail": _mail_link,
    "letter": _letter(),
    "resend-letter": _letter("POST"),
    "endpoint": _endpoint(),
    "edit-endpoint": _endpoint(),
    "turn-endpoint-key": _endpoint(),
    "close-endpoint": _endpoint(),
    "reopen-endpoint": _endpoint("POST"),
    "ping-endpoint": _endpoint("POST"),
}
"""By the name of the address: who passes, and who of the same role must not."""
