"""The timeline of a goods declaration: everything that happened to it and what is still to come, in one order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from kouan.gateway import selectors as gateway
from kouan.goods import selectors
from kouan.goods.codes import Reminder, Step, TaxKind
from kouan.goods.looks import PARTY_WORDS, channel_chip, event_words
from kouan.goods.states import GoodsState, Party
from kouan.kernel.money import from_fen
from kouan.screens.pieces import Moment, Tone, to_chip
from kouan.workflow import selectors as workflow

if TYPE_CHECKING:
    from kouan.accounts.models import User
    from kouan.goods.models import GoodsAnswer, GoodsDeclaration, GoodsTax, GoodsVersion

_LONG = timedelta(hours=1)
_OVER = (GoodsState.CLOSED, GoodsState.DELETED)


@dataclass(frozen=True)
class Timeline:
    """The moments of a declaration in order, and the one that took longest."""

    moments: Sequence[Moment]
    longest: Moment | None


def timeline_of(declaration: GoodsDeclaration, *, user: User, now: datetime) -> Timeline:
    """Compose the timeline of a declaration that may be seen."""
    past = sorted(_past(declaration, user), key=lambda moment: moment.at or now)
    timed = _with_durations(past, declaration, now)
    longest = max((one for one in timed if one.took), key=lambda one: one.took or timedelta(), default=None)
    return Timeline([*timed, *_to_come(declaration)], longest)


def _past(declaration: GoodsDeclaration, user: User) -> Iterable[Moment]:
    versions = selectors.versions_of(declaration)
    sent = gateway.delivered_times([version.message_id for version in versions])
    for version in versions:
        yield from _stored(declaration, version, sent.get(version.message_id))
    for answer in selectors.answers_of(declaration):
        yield _answered(answer)
    for tax in selectors.taxes_of(declaration):
        if not tax.is_official:
            yield _taxed(tax)
    for event in workflow.list_events(subject_id=declaration.pk):
        if event.kind in _SHOWN_KINDS:
            yield _happened(event)
    for one in selectors.applications_of(user, declaration):
        what = _("提出修撤单申请：%(kind)s") % {"kind": one.get_kind_display()}
        yield Moment(what, one.asked_at, Tone.WAITING, who=one.asked_by, note=one.reason)
        if one.state_since != one.asked_at:
            chip = to_chip(one.state, "goods_application")
            yield Moment(
                _("修撤单申请：%(state)s") % {"state": chip.word}, one.state_since, chip.tone, note=one.opinion
            )


def _stored(declaration: GoodsDeclaration, version: GoodsVersion, sent_at: datetime | None) -> Iterable[Moment]:
    number = _("第 %(number)s 版") % {"number": version.number}
    files = _("附件 %(count)s 份") % {"count": version.file_count} if version.file_count else ""
    note = " · ".join(part for part in ("DecMessage", version.edition, number, files) if part)
    what = _("收到报关单") if version.number == 1 else _("收到更正")
    yield Moment(what, version.received_at, Tone.DONE, who=gateway.channel_name(declaration.connection_id), note=note)
    if sent_at:
        yield Moment(_("发送国家单一窗口"), sent_at, Tone.DONE, who=_("本平台"), note=_("原文转发，未作改动"))


def _answered(answer: GoodsAnswer) -> Moment:
    chip = channel_chip(answer.kind, answer.code)
    note = answer.note if answer.moved else f"{answer.note}（{_('未改变状态')}）"
    what = _("官方回执 %(code)s %(word)s") % {"code": answer.code, "word": chip.word}
    who = _("国家单一窗口") if answer.kind != "ClientFail" else _("导入客户端")
    return Moment(what, answer.noticed_at or answer.received_at, chip.tone, who=who, note=note)


_SHOWN_KINDS = {"goods_deadline": Tone.WAITING, "review": Tone.RUNNING, "inspection": Tone.RUNNING,
                "gate": Tone.DONE, "goods_answer": Tone.IDLE}  # fmt: skip
"""The kinds of events that have no row of their own here, with their tone."""


def _happened(event: Any) -> Moment:
    tone = Tone.OVERDUE if event.to_state == Reminder.PASSED else _SHOWN_KINDS[event.kind]
    note = str(event.data.get("opinion") or event.data.get("until") or event.data.get("gate") or "")
    return Moment(event_words(event), event.at, tone, who=event.actor_label, note=note)


def _taxed(tax: GoodsTax) -> Moment:
    words = {TaxKind.PAID: _("企业登记：税款已缴"), TaxKind.BILL: _("企业登记：税单"),
             TaxKind.GUARANTEED: _("企业登记：担保")}  # fmt: skip
    amount = f"{from_fen(tax.amount_fen)} {_('元')}" if tax.amount_fen is not None else ""
    note = " ".join(part for part in (tax.number, amount) if part)
    return Moment(
        words.get(TaxKind(tax.kind), tax.get_kind_display()), tax.at, Tone.DONE, who=tax.recorded_by, note=note
    )


def _with_durations(moments: Sequence[Moment], declaration: GoodsDeclaration, now: datetime) -> list[Moment]:
    """Say of each moment how long it was until the next, and for whom the last one waits."""
    is_over = declaration.waits_for == Party.NOBODY
    timed: list[Moment] = []
    for place, moment in enumerate(moments):
        later = moments[place + 1].at if place + 1 < len(moments) else (None if is_over else now)
        took = later - moment.at if later and moment.at and later - moment.at >= timedelta(seconds=1) else None
        timed.append(replace(moment, took=took, is_long=bool(took and took >= _LONG)))
    if timed and not is_over:
        timed[-1] = replace(timed[-1], waiting_for=PARTY_WORDS[Party(declaration.waits_for)])
    return timed


def _to_come(declaration: GoodsDeclaration) -> Iterable[Moment]:
    """Name the steps that are still ahead, and whose they are."""
    state = declaration.state
    if state in _OVER:
        return
    if state in (GoodsState.AWAITING_CHANNEL, GoodsState.SENT):
        yield Moment(_("国家单一窗口暂存"), tone=Tone.IDLE)
    if not declaration.official_channel:
        yield Moment(_("在国家页面签名申报"), tone=Tone.IDLE, who=_("申报单位"))
        yield Moment(_("海关接收、审核"), tone=Tone.IDLE, who=_("海关"))
    if declaration.step == Step.OUTLINE:
        yield Moment(_("完整申报"), tone=Tone.IDLE, who=_("申报单位"), note=_until(declaration.due_date))
    if declaration.tax == TaxKind.DUE:
        yield Moment(_("缴纳税费"), tone=Tone.IDLE, who=_("申报单位"))
    if declaration.released_at is None:
        yield Moment(_("海关放行"), tone=Tone.IDLE, who=_("海关"))
    yield Moment(_("海关结关"), tone=Tone.IDLE, who=_("海关"))


def _until(day: date | None) -> str:
    return _("至 %(day)s") % {"day": f"{day:%Y-%m-%d}"} if day else ""
