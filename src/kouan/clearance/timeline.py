"""The timeline of a case: everything that happened to it and what is still to come, in one order, for every desk.

Composed from where each thing has its home: versions, deliveries, official answers, reviews, inspections, arrivals and
the gate. Nothing is stored twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from kouan.clearance import selectors
from kouan.clearance.looks import DOCUMENT_WORDS, PARTY_WORDS, official_chip
from kouan.clearance.states import CaseState, Party
from kouan.decisions import selectors as decisions
from kouan.declarations import selectors as declarations
from kouan.declarations.codes import FOLLOWING, LISTS, Direction, Procedure
from kouan.declarations.states import ComingBack, moment_of, rank_of
from kouan.gateway import selectors as gateway
from kouan.screens.charts import Part
from kouan.screens.pieces import Moment, Tone

if TYPE_CHECKING:
    from kouan.clearance.models import Arrival, Inspection, Review
    from kouan.declarations.models import Case, Document, DocumentVersion
    from kouan.declarations.selectors import Answer

_LONG = timedelta(hours=1)
_ENTERED = 2
"""The rank of an answer by which customs has taken note of a document."""
_COMPANIONS = tuple(kind for kinds in declarations.COMPANIONS.values() for kind in kinds)


@dataclass(frozen=True)
class Timeline:
    """The moments of a case in order, how its time divides among those who were waited for, and what it rests on:

    the versions of the list, the documents about the case and the official answers to them, every review of every
    version, the inspections.
    """

    moments: Sequence[Moment]
    parts: Sequence[Part]
    longest: Moment | None
    documents: Sequence[Document]
    answers: Sequence[Answer]
    versions: Sequence[DocumentVersion]
    reviews: Sequence[Review]
    inspections: Sequence[Inspection]


def timeline_of(case: Case, *, now: datetime) -> Timeline:
    """Compose the timeline of a case that may be seen."""
    arrival = selectors.arrival_of(waybill_no=case.waybill_no, carrier_code=case.carrier_code)
    inbound = [arrival.document_id] if arrival and arrival.document_id else []
    documents = declarations.documents_about(case, inbound)
    answers = declarations.answers_to(documents)
    versions = declarations.versions_of(case)
    reviews, inspections = selectors.list_reviews_of(case.pk), selectors.inspections_of(case.pk)
    routed_at = _routed_at(case, reviews) if case.routed_version else None
    moments = [
        *(moment for version in versions for moment in _declared(case, version, routed_at)),
        *_past(case, answers, arrival, [one for one in reviews if one.version == case.version], inspections),
    ]
    past = sorted(moments, key=lambda moment: moment.at or now)
    timed = _with_durations(past, case, now)
    longest = max((m for m in timed if m.took), key=lambda m: m.took or timedelta(), default=None)
    return Timeline(
        [*timed, *_to_come(case)],
        _parts(timed, case, routed_at),
        longest,
        documents,
        answers,
        versions,
        reviews,
        inspections,
    )


def _past(
    case: Case,
    answers: Sequence[Answer],
    arrival: Arrival | None,
    reviews: Sequence[Review],
    inspections: Sequence[Inspection],
) -> Iterable[Moment]:
    for answer in answers:
        if is_told(answer):
            yield _answered(answer)
    for review in reviews:
        if review.way == "recorded" and review.state not in selectors.SILENT:
            yield Moment(
                _("%(agency)s登记意见") % {"agency": selectors.agency_name(review.agency)},
                review.state_since,
                Tone.DONE,
                note=review.opinion,
            )
    for inspection in inspections:
        yield from _inspected(inspection)
    if arrival:
        word = _("运抵单") if case.direction == Direction.EXPORT else _("入库明细")
        source = word if arrival.document_id else ""
        note = " · ".join(str(part) for part in (source, arrival.location) if part)
        yield Moment(_("货物到达监管场所"), arrival.arrived_at, Tone.DONE, note=note)
    if case.left_at and case.left_at != case.departed_at:
        note = _("运往口岸离境") if case.direction == Direction.EXPORT else ""
        yield Moment(_("货物离场"), case.left_at, Tone.DONE, who=_("监管场所"), note=note)
    for entry in declarations.entries_with(case):
        yield Moment(
            _("汇总为报关单"), moment_of(entry.processed_time, case.state_since), Tone.DONE, who=_("国家标准版"),
            note=entry.entry_no or entry.entry_seq_no,
        )  # fmt: skip
    if case.departed_at:
        yield Moment(_("货物离境"), case.departed_at, Tone.DONE, who=_("物流企业"))


def _routed(case: Case, at: datetime) -> Moment:
    """Say which agencies and places the case concerns by which rows of which table."""
    fired = decisions.describe_rows(case.routing["table"], case.routing["version"], case.routing.get("rows", []))
    words = {"table": fired.table, "version": case.routing["version"], "rows": "、".join(fired.rows)}
    note = _("《%(table)s》第 %(version)s 版：%(rows)s") % words
    return Moment(_("判定涉及单位"), at, Tone.DONE, who=_("本平台"), note=note)


def _routed_at(case: Case, reviews: Sequence[Review]) -> datetime:
    return next((one.opened_at for one in reviews if one.version == case.routed_version), case.received_at)


def _declared(case: Case, version: DocumentVersion, routed_at: datetime | None) -> Iterable[Moment]:
    words = {"1": _("收到申报"), "2": _("收到变更"), "3": _("收到删除")}
    what = words.get(version.app_type, _("收到申报"))
    number = _("第 %(number)s 版") % {"number": version.number}
    yield Moment(
        what,
        version.received_at,
        Tone.DONE,
        who=gateway.channel_name(case.connection_id),
        note=f"CEB{version.kind} · {number}",
    )
    if version.number == case.version and routed_at:
        matched = (
            _("订单、收款单、运单、清单") if case.direction == Direction.EXPORT else _("订单、支付凭证、运单、清单")
        )
        yield Moment(_("四单对碰一致"), routed_at, Tone.DONE, note=matched)
        yield _routed(case, routed_at)
    if sent_at := gateway.delivered_at(version.message_id):
        yield Moment(_("转发国家标准版"), sent_at, Tone.DONE, who=_("本平台"), note=_("原文转发，未作改动"))


def is_told(answer: Answer) -> bool:
    """Whether an answer has its place in the timeline: that an order, payment or waybill is on its way has none, nor
    that a document that follows the list is."""
    if official_chip(answer.said.status).tone in (Tone.REFUSED, Tone.UNKNOWN):
        return True
    if answer.kind in FOLLOWING:
        return rank_of(answer.said.status) >= _ENTERED
    return answer.kind not in _COMPANIONS


def _answered(answer: Answer) -> Moment:
    said = answer.said
    chip = official_chip(said.status)
    note = said.info if said.moved else f"{said.info}（{_('未改变状态：迟到或次序靠后')}）"
    if answer.kind not in LISTS:
        note = f"{answer.kind.label} {answer.number} · {note}"
    at = moment_of(said.return_time, said.received_at)
    return Moment(_("官方回执 %(status)s") % {"status": chip.word}, at, chip.tone, who=_("国家标准版"), note=note)


def _inspected(inspection: Inspection) -> Iterable[Moment]:
    agency = selectors.agency_name(inspection.agency)
    yield Moment(_("%(agency)s布控查验") % {"agency": agency}, inspection.ordered_at, Tone.WAITING, who=agency)
    if inspection.presented_at:
        yield Moment(_("货物送至查验台"), inspection.presented_at, Tone.DONE, note=inspection.bay)
    if inspection.done_at:
        yield Moment(_("现场查验完成"), inspection.done_at, Tone.DONE, note=inspection.result_note)


# Durations -----------------------------------------------------------------------------------------------------------


def _with_durations(moments: Sequence[Moment], case: Case, now: datetime) -> list[Moment]:
    """Say of each moment how long it was until the next."""
    ended = case.gone_at or (None if case.waits_for != Party.NOBODY else case.state_since)
    timed = []
    for place, moment in enumerate(moments):
        later = moments[place + 1].at if place + 1 < len(moments) else (ended or now)
        took = (later - moment.at) if later and moment.at else None
        if took is not None and (took < timedelta(seconds=1) or (place + 1 == len(moments) and ended)):
            took = None
        timed.append(replace(moment, took=took, is_long=bool(took and took >= _LONG)))
    if timed and not ended:
        timed[-1] = replace(timed[-1], waiting_for=PARTY_WORDS.get(case.waits_for, ""))
    return timed


def _parts(moments: Sequence[Moment], case: Case, routed_at: datetime | None) -> list[Part]:
    """Divide the time between those who were waited for: companions, the way to customs, customs, the ground."""
    spent = {"documents": 0.0, "official": 0.0, "ground": 0.0}
    released = case.released_at
    for moment in moments:
        if moment.took is None or moment.at is None:
            continue
        if released and moment.at >= released:
            spent["ground"] += moment.took.total_seconds()
        elif routed_at and moment.at >= routed_at:
            spent["official"] += moment.took.total_seconds()
        else:
            spent["documents"] += moment.took.total_seconds()
    ground = _("放行后至离境") if case.direction == Direction.EXPORT else _("放行后至离场")
    labels = {"documents": _("等待单证与对碰"), "official": _("国家标准版与海关"), "ground": ground}
    return [Part(labels[name], size, series) for series, (name, size) in enumerate(spent.items(), start=1) if size > 0]


# To come -------------------------------------------------------------------------------------------------------------

_OVER = (CaseState.WITHDRAWN, CaseState.REFUSED, CaseState.GOODS_RETURNED)


def _to_come(case: Case) -> Iterable[Moment]:
    """Name the steps that are still ahead."""
    if case.state in _OVER:
        return
    if case.state == CaseState.RETURNING:
        if case.return_state in (ComingBack.APPLIED, ComingBack.ENTERED):
            yield Moment(_("退运货物到场理货"), tone=Tone.IDLE, who=_("监管场所"))
        yield Moment(_("海关放行退货"), tone=Tone.IDLE, who=_("海关"))
    if case.match != "matched" and not case.official_status:
        missing = "、".join(str(DOCUMENT_WORDS.get(name, name)) for name in case.wait_reason.split(",") if name)
        yield Moment(
            _("四单对碰"), tone=Tone.IDLE, note=_("尚缺：%(missing)s") % {"missing": missing} if missing else ""
        )
        yield Moment(_("转发国家标准版"), tone=Tone.IDLE)
    if case.released_at is None:
        yield Moment(_("海关放行"), tone=Tone.IDLE)
    if case.left_at is None and case.direction == Direction.IMPORT:
        yield Moment(_("货物离场"), tone=Tone.IDLE)
    if case.departed_at is None and case.direction == Direction.EXPORT:
        yield Moment(_("货物离境"), tone=Tone.IDLE)
    if case.procedure == Procedure.SUMMARY and case.summary_id is None:
        yield Moment(_("汇总申报"), tone=Tone.IDLE, note=_("结关后按月汇总为报关单"))


def wait_words(case: Case) -> str:
    """Say in words what a case waits for and for whom."""
    party = str(PARTY_WORDS.get(case.waits_for, case.waits_for))
    if case.match == "waiting" and not case.official_status:
        missing = "、".join(str(DOCUMENT_WORDS.get(name, name)) for name in case.wait_reason.split(",") if name)
        return _("%(party)s：尚缺%(missing)s") % {"party": party, "missing": missing}
    return party


def problems_of(case: Case) -> list[dict[str, Any]]:
    """Give what the match found."""
    return list(case.match_problems)
