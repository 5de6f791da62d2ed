"""Pages of one measure: progress, evidence, time, nodes, and what is decided about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from kouan.accounts import selectors as accounts
from kouan.accounts.access import NotYours, door
from kouan.screens.formats import is_english
from kouan.screens.pieces import Consequence, Crumb
from kouan.supervision import timeline
from kouan.supervision.codes import Progress
from kouan.supervision.forms.fields import ReasonForm
from kouan.supervision.forms.ledger import (
    DeadlineForm,
    EvidenceForm,
    ExtensionDecisionForm,
    ExtensionForm,
    LetterForm,
    NodeForm,
    VerdictForm,
)
from kouan.supervision.looks import light_chip
from kouan.supervision.selectors import ledger as selectors
from kouan.supervision.selectors import reports
from kouan.supervision.selectors.settings import rules_on
from kouan.supervision.services import closing, keeping, warning
from kouan.supervision.states import ExtensionAct, MeasureState
from kouan.supervision.views.acting import OFFICE, SEERS, UNITS, act_page
from kouan.supervision.views.documents import file_response


@require_GET
@door(roles=SEERS)
def show_measure(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One measure: progress, evidence, nodes, extensions, letters."""
    user: Any = request.user
    measure = selectors.get_measure(user=user, pk=pk)
    tracked = next(each for each in selectors.measures_of(measure.task) if each.row.pk == pk)
    names = accounts.organisation_names(measure.organisation_ids)
    is_own = user.organisation_id in measure.organisation_ids and user.has_role(*UNITS)
    state = measure.state
    context = {
        "measure": measure,
        "task": measure.task,
        "title": _("举措 %(n)s") % {"n": measure.number},
        "tracked": tracked,
        "chip": light_chip(tracked.light),
        "seen": Progress(tracked.seen),
        "names": [names[each] for each in measure.organisation_ids if each in names],
        "lead": names.get(measure.lead_id) if measure.lead_id else "",
        "evidence": list(measure.evidence.defer("raw")),
        "nodes": list(measure.nodes.all()),
        "extensions": list(measure.extensions.all()),
        "lines": reports.lines_about(measure),
        "warnings": reports.warnings_about([measure.pk]),
        "elapsed": timeline.elapsed(measure),
        "is_own": is_own,
        "is_office": user.sees_all_cases,
        "is_open": state in selectors.OPEN_STATES,
        "may_claim": is_own and state in (MeasureState.OPEN, MeasureState.BOUNCED),
        "may_decide": user.sees_all_cases and state == MeasureState.CLAIMED,
        "may_reopen": user.sees_all_cases and state in (MeasureState.CLOSED, MeasureState.CANCELLED),
        "crumbs": [
            Crumb(_("事项台账"), reverse("tasks")),
            Crumb(measure.task.title, reverse("task", args=[measure.task.pk])),
        ],
        "at": timezone.now(),
    }
    return render(request, "supervision/measure.html", context)


def _measure_act(request: HttpRequest, pk: UUID, form: Form, do: Any, **words: Any) -> HttpResponse:
    measure = selectors.get_measure(user=request.user, pk=pk)  # type: ignore[arg-type]
    return act_page(
        request,
        form=form,
        do=do,
        about=words.pop("about", measure.text[:120]),
        back_url=reverse("measure", args=[pk]),
        **words,
    )


@door(roles=UNITS)
def give_evidence(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand in evidence."""
    user: Any = request.user

    def do(data: dict[str, Any]) -> None:
        file = data["file"]
        closing.give_evidence(
            user=user,
            measure_id=pk,
            title=data["title"],
            text=data["text"],
            file_name=file.name if file else "",
            content=file.read() if file else b"",
            at=timezone.now(),
        )

    form = EvidenceForm(request.POST or None, request.FILES or None)
    return _measure_act(request, pk, form, do, title=_("提交佐证材料"), act_label=_("提交"), is_upload=True)


@door(roles=UNITS)
def claim(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask that a measure be closed."""
    user: Any = request.user
    return _measure_act(
        request,
        pk,
        Form(request.POST or None),
        lambda data: closing.claim_done(user=user, measure_id=pk, at=timezone.now()),
        title=_("申请办结"),
        act_label=_("申请"),
        consequences=[Consequence(_("由口岸办核验佐证材料；提交人不能核验本人材料"))],
    )


_OFFICE_ACTS: dict[str, tuple[Any, Any, Any]] = {
    "bounce": (closing.bounce_measure, gettext_lazy("退回补充"), gettext_lazy("退回")),
    "cancel": (closing.cancel_measure, gettext_lazy("取消举措"), gettext_lazy("取消举措")),
    "reopen": (closing.reopen_measure, gettext_lazy("重新打开"), gettext_lazy("重新打开")),
}


@door(roles=OFFICE)
def decide(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    """Bounce, cancel or reopen a measure, with the reason."""
    user: Any = request.user
    if act not in _OFFICE_ACTS:
        raise NotYours
    service, title, label = _OFFICE_ACTS[act]
    return _measure_act(
        request,
        pk,
        ReasonForm(request.POST or None),
        lambda data: service(user=user, measure_id=pk, reason=data["reason"], at=timezone.now()),
        title=title,
        act_label=label,
        consequences=[Consequence(_("责任单位可见理由"))],
        is_danger=act == "cancel",
    )


@door(roles=OFFICE)
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close a measure."""
    user: Any = request.user
    return _measure_act(
        request,
        pk,
        Form(request.POST or None),
        lambda data: closing.close_measure(user=user, measure_id=pk, at=timezone.now()),
        title=_("办结"),
        act_label=_("办结"),
        consequences=[
            Consequence(_("须有经第二人核验采信的佐证材料")),
            Consequence(_("可重新打开，须说明理由"), "undoable"),
        ],
    )


@door(roles=OFFICE)
def verify(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say whether evidence proves its measure."""
    user: Any = request.user
    evidence = selectors.get_evidence(user=user, pk=pk)
    return act_page(
        request,
        form=VerdictForm(request.POST or None),
        do=lambda data: closing.verify_evidence(
            user=user,
            evidence_id=pk,
            is_accepted=data["is_accepted"] == "yes",
            verdict=data["verdict"],
            at=timezone.now(),
        ),
        title=_("核验佐证材料"),
        about=_("%(title)s，%(who)s 提交") % {"title": evidence.title, "who": evidence.given_by_label},
        act_label=_("确定"),
        back_url=reverse("measure", args=[evidence.measure.pk]),
    )


@require_GET
@door(roles=SEERS)
def download_evidence(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The file of a piece of evidence."""
    evidence = selectors.get_evidence(user=request.user, pk=pk)  # type: ignore[arg-type]
    if evidence.raw is None:
        raise NotYours
    return file_response(bytes(evidence.raw), evidence.file_name)


@door(roles=UNITS)
def ask_extension(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for more time."""
    user: Any = request.user
    measure = selectors.get_measure(user=user, pk=pk)
    later = (measure.due_date or timezone.localdate()) + timedelta(days=30)
    return _measure_act(
        request,
        pk,
        ExtensionForm(request.POST or None, initial={"to_date": later}),
        lambda data: keeping.ask_extension(
            user=user, measure_id=pk, to_date=data["to_date"], reason=data["reason"], at=timezone.now()
        ),
        title=_("申请延期"),
        act_label=_("申请"),
        consequences=[Consequence(_("批准后延期次数和天数计入台账和年度评估"))],
    )


@door(roles=OFFICE)
def decide_extension(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Grant or refuse more time."""
    user: Any = request.user
    extension = selectors.get_extension(user=user, pk=pk)
    return act_page(
        request,
        form=ExtensionDecisionForm(request.POST or None),
        do=lambda data: keeping.decide_extension(
            user=user,
            extension_id=pk,
            act=ExtensionAct(data["act"]),
            decision=data["decision"],
            at=timezone.now(),
        ),
        title=_("审批延期"),
        about=_("由 %(old)s 延至 %(new)s：%(reason)s")
        % {"old": extension.from_date, "new": extension.to_date, "reason": extension.reason},
        act_label=_("确定"),
        back_url=reverse("measure", args=[extension.measure.pk]),
    )


@door(roles=OFFICE)
def set_deadline(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a measure a deadline where the document names none."""
    user: Any = request.user
    return _measure_act(
        request,
        pk,
        DeadlineForm(request.POST or None),
        lambda data: keeping.set_deadline(user=user, measure_id=pk, due_date=data["due_date"], at=timezone.now()),
        title=_("确定时限"),
        act_label=_("确定"),
        consequences=[Consequence(_("定下后只能由责任单位申请延期"), "final")],
    )


@door(roles=OFFICE)
def issue_letter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Issue a reminder or warning letter ahead of its day."""
    user: Any = request.user
    steps = [(step.key, step.word_en if is_english() else step.word) for step in rules_on(timezone.localdate()).steps]
    return _measure_act(
        request,
        pk,
        LetterForm(request.POST or None, steps=steps),
        lambda data: warning.issue_letter(user=user, measure_id=pk, at=timezone.now(), **data),
        title=_("发提醒或督办函"),
        act_label=_("发出"),
        consequences=[
            Consequence(_("发给牵头单位；没有牵头的发给每个责任单位，限期答复")),
            Consequence(_("编号后不能撤回；同一时限同一级只发一次"), "final"),
        ],
    )


@door(roles=UNITS)
def add_node(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Plan a step on the way of a measure."""
    user: Any = request.user
    return _measure_act(
        request,
        pk,
        NodeForm(request.POST or None),
        lambda data: keeping.add_node(user=user, measure_id=pk, at=timezone.now(), **data),
        title=_("新增节点"),
        act_label=_("新增"),
    )


@door(roles=UNITS)
def reach_node(request: HttpRequest, pk: UUID, node: UUID) -> HttpResponse:
    """Say that a step is done."""
    user: Any = request.user
    return _measure_act(
        request,
        pk,
        Form(request.POST or None),
        lambda data: keeping.reach_node(user=user, node_id=node, at=timezone.now()),
        title=_("节点完成"),
        act_label=_("完成"),
    )
