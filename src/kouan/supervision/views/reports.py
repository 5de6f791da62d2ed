"""Pages of reports and warning letters: what a unit owes and says, what its principal answers for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from kouan.accounts import selectors as accounts
from kouan.accounts.access import NotAllowed, NotYours, door
from kouan.accounts.codes import Role
from kouan.screens.lists import ChoiceFilter, Column, DateRangeFilter, ListPage
from kouan.screens.pieces import Consequence, Crumb, Emptiness, NextStep
from kouan.supervision import timeline
from kouan.supervision.codes import Frequency, Progress
from kouan.supervision.forms.fields import ReasonForm
from kouan.supervision.forms.ledger import AnswerForm
from kouan.supervision.looks import warning_chip
from kouan.supervision.rules import Unfit, report_period
from kouan.supervision.selectors import reports as selectors
from kouan.supervision.selectors.settings import rules_on
from kouan.supervision.services import reporting
from kouan.supervision.services.warning import answer_warning
from kouan.supervision.states import REPORT_NEXT, ReportAct, ReportState, WarningState
from kouan.supervision.views.acting import SEERS, UNITS, act_page


def _unit_name() -> Any:
    names: dict[UUID, str] = {}

    def cell(row: Any) -> str:
        if not names:
            names.update({each.pk: each.name for each in accounts.list_duty_units(on=timezone.localdate())})
        return names.get(row.organisation_id, "")

    return cell


def _period(row: Any) -> str:
    return f"{row.since} — {row.until}"


def _reports_page() -> ListPage:
    return ListPage(
        key="reports",
        title=gettext_lazy("进展报告"),
        about=gettext_lazy("联络员填报，单位负责人审核，口岸办核收"),
        columns=[
            Column("period", gettext_lazy("期间"), _period, sort="since"),
            Column("unit", gettext_lazy("单位"), _unit_name()),
            Column("state", gettext_lazy("状态"), kind="chip", family="report", sort="state"),
            Column("frequency", gettext_lazy("周期"), "get_frequency_display", sort="frequency"),
            Column("due", gettext_lazy("报送截止"), "due_date", kind="date", sort="due_date"),
            Column("handed", gettext_lazy("报出时间"), "handed_in_at", kind="when", sort="handed_in_at"),
            Column("lines", gettext_lazy("举措"), "line_count", kind="count", sort="line_count"),
            Column("behind", gettext_lazy("欠进度"), "behind_count", kind="count", sort="behind_count"),
        ],
        filters=[
            ChoiceFilter(
                "state",
                gettext_lazy("状态"),
                choices=[
                    (ReportState.DRAFT.value, gettext_lazy("填报中")),
                    (ReportState.SUBMITTED.value, gettext_lazy("待负责人审核")),
                    (ReportState.RETURNED.value, gettext_lazy("负责人退回")),
                    (ReportState.APPROVED.value, gettext_lazy("待核收")),
                    (ReportState.BOUNCED.value, gettext_lazy("口岸办退回")),
                    (ReportState.RECEIVED.value, gettext_lazy("已核收")),
                ],
            ),
            ChoiceFilter("frequency", gettext_lazy("周期"), choices=Frequency.choices),
            DateRangeFilter("since", gettext_lazy("期间"), field="since"),
        ],
        default_sort="-period",
        row_url=lambda row: reverse("report", args=[row.pk]),
        template="supervision/reports.html",
        empty=Emptiness(gettext_lazy("还没有报告"), gettext_lazy("责任单位的联络员按周期填报")),
    )


@require_GET
@door(roles=SEERS)
def list_reports(request: HttpRequest) -> HttpResponseBase:
    """The reports that the person may see, and what the present period owes."""
    user: Any = request.user
    today = timezone.localdate()
    rules = rules_on(today)
    periods = [report_period(value, on=today, rules=rules) for value in Frequency.values]
    owing = []
    for period in periods:
        ids = selectors.units_that_owe(frequency=period.frequency, since=period.since)
        if not user.sees_all_cases:
            ids = [each for each in ids if each == user.organisation_id]
        if ids:
            names = accounts.organisation_names(ids)
            owing.append(
                {
                    "period": period,
                    "label": Frequency(period.frequency).label,
                    "names": [names[each] for each in ids if each in names],
                    "is_late": period.due_date < today,
                    "may_write": user.has_role(Role.LIAISON) and user.organisation_id in ids,
                }
            )
    return _reports_page().respond(request, selectors.list_reports(user), extra={"owing": owing})


@require_POST
@door(roles=[Role.LIAISON])
def open_report(request: HttpRequest, frequency: str) -> HttpResponse:
    """Begin the report of the present period, or go on with it."""
    user: Any = request.user
    if frequency not in Frequency.values:
        raise NotYours
    report = reporting.open_report(user=user, frequency=Frequency(frequency), at=timezone.now())
    return redirect("report", pk=report.pk)


@door(roles=SEERS)
def show_report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One report: its writer fills it in, others read it."""
    user: Any = request.user
    report = selectors.get_report(user=user, pk=pk)
    is_writer = (
        user.has_role(Role.LIAISON)
        and report.organisation_id == user.organisation_id
        and report.state in reporting.WRITABLE
    )
    problems: list[Any] = []
    if request.method == "POST":
        if not is_writer:
            raise NotAllowed
        try:
            reporting.save_lines(user=user, report_id=pk, lines=_posted_lines(request), at=timezone.now())
            if "submit" in request.POST:
                reporting.submit_report(user=user, report_id=pk, at=timezone.now())
                messages.success(request, _("已提交本单位负责人审核"))
            else:
                messages.success(request, _("已保存"))
            return redirect("report", pk=pk)
        except (Unfit, NotAllowed) as refusal:
            problems = [refusal.problem]
    names = accounts.organisation_names([report.organisation_id])
    context = {
        "report": report,
        "unit": names.get(report.organisation_id, ""),
        "title": _("进展报告"),
        "frequency": Frequency(report.frequency).label,
        "lines": selectors.lines_of(report),
        "classes": [each for each in Progress.choices if each[0] != Progress.NONE],
        "is_writer": is_writer,
        "problems": problems,
        "acts": _acts(user, report),
        "moments": timeline.moments_of(report.pk),
        "is_late": report.handed_in_at is None and report.due_date < timezone.localdate(),
        "next_step": _report_step(user, report),
        "crumbs": [Crumb(_("进展报告"), reverse("reports"))],
    }
    return render(request, "supervision/report.html", context)


def _posted_lines(request: HttpRequest) -> dict[UUID, reporting.Line]:
    found = {}
    for key in request.POST.getlist("line"):
        try:
            pk = UUID(key)
        except ValueError:
            continue
        percent = request.POST.get(f"percent-{key}", "0")
        progress = request.POST.get(f"progress-{key}", "")
        found[pk] = reporting.Line(
            int(percent) if percent.isdecimal() else 0,
            progress if progress in Progress.values else Progress.NONE,
            request.POST.get(f"text-{key}", "")[:5000],
            request.POST.get(f"trouble-{key}", "")[:5000],
        )
    return found


_ACTS: dict[ReportAct, tuple[Any, Any, bool]] = {
    ReportAct.APPROVE: (gettext_lazy("审核通过并报出"), reporting.approve_report, False),
    ReportAct.RETURN: (gettext_lazy("退回联络员"), reporting.return_report, True),
    ReportAct.RECEIVE: (gettext_lazy("核收"), reporting.receive_report, False),
    ReportAct.BOUNCE: (gettext_lazy("退回单位"), reporting.bounce_report, True),
}


def _acts(user: Any, report: Any) -> list[dict[str, Any]]:
    """The acts that this person may do with a report now."""
    possible = {act for state, act in REPORT_NEXT if state == report.state}
    mine = set()
    if user.has_role(Role.PRINCIPAL) and report.organisation_id == user.organisation_id:
        mine |= {ReportAct.APPROVE, ReportAct.RETURN}
    if user.has_role(Role.PORT_OFFICE_CLERK):
        mine |= {ReportAct.RECEIVE, ReportAct.BOUNCE}
    return [
        {"act": act, "label": label, "is_danger": needs_reason}
        for act, (label, _service, needs_reason) in _ACTS.items()
        if act in possible & mine
    ]


def _report_step(user: Any, report: Any) -> NextStep:
    if report.state == ReportState.RECEIVED:
        return NextStep("over", _("口岸办已核收"))
    if report.state in reporting.WRITABLE:
        what = _("填写进展并提交负责人审核")
        if user.has_role(Role.LIAISON) and user.organisation_id == report.organisation_id:
            return NextStep("late" if report.due_date < timezone.localdate() else "yours", what)
        return NextStep("theirs", what, whose=_("联络员"))
    if report.state == ReportState.SUBMITTED:
        mine = user.has_role(Role.PRINCIPAL) and user.organisation_id == report.organisation_id
        return NextStep("yours" if mine else "theirs", _("单位负责人审核"), whose=_("单位负责人"))
    return NextStep("yours" if user.sees_all_cases else "theirs", _("口岸办核收"), whose=_("口岸办"))


@door(roles=UNITS)
def act_on_report(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    """Approve, return, receive or bounce a report."""
    user: Any = request.user
    report = selectors.get_report(user=user, pk=pk)
    allowed = {str(each["act"]): each for each in _acts(user, report)}
    if act not in allowed:
        raise NotAllowed
    label, service, needs_reason = _ACTS[ReportAct(act)]

    def do(data: dict[str, Any]) -> None:
        if needs_reason:
            service(user=user, report_id=pk, reason=data["reason"], at=timezone.now())
        else:
            service(user=user, report_id=pk, at=timezone.now())

    consequences = {
        ReportAct.APPROVE: [Consequence(_("您对报告内容负责；台账按本报告更新进度"), "final")],
        ReportAct.RECEIVE: [Consequence(_("本期报告办结"))],
    }.get(ReportAct(act), [Consequence(_("填报人可见退回原因，修改后重新提交"))])
    return act_page(
        request,
        form=ReasonForm(request.POST or None) if needs_reason else Form(request.POST or None),
        do=do,
        title=label,
        act_label=label,
        consequences=consequences,
        back_url=reverse("report", args=[pk]),
    )


# Letters --------------------------------------------------------------------------------------------------------------


def _letter_chip(row: Any) -> Any:
    return warning_chip(row.tone, row.word)


def _letter_number(row: Any) -> str:
    return f"〔{row.year}〕{row.number}号"


def _letters_page() -> ListPage:
    return ListPage(
        key="warnings",
        title=gettext_lazy("提醒与督办函"),
        about=gettext_lazy("按督办规则逐级发出；颜色只表示级次，含义以名称为准"),
        columns=[
            Column("number", gettext_lazy("编号"), _letter_number, sort="number"),
            Column("step", gettext_lazy("级次"), _letter_chip, kind="chip", sort="step"),
            Column("unit", gettext_lazy("单位"), _unit_name()),
            Column("reason", gettext_lazy("事由"), is_long=True),
            Column("state", gettext_lazy("答复"), kind="chip", family="warning", sort="state"),
            Column("issued", gettext_lazy("发出时间"), "issued_at", kind="when", sort="issued_at"),
            Column("answer_by", gettext_lazy("答复期限"), "answer_by_date", kind="date", sort="answer_by_date"),
        ],
        filters=[
            ChoiceFilter(
                "state",
                gettext_lazy("答复"),
                choices=[
                    (WarningState.ISSUED.value, gettext_lazy("待答复")),
                    (WarningState.ANSWERED.value, gettext_lazy("已答复")),
                ],
            ),
            DateRangeFilter("issued", gettext_lazy("发出时间"), field="issued_at"),
        ],
        default_sort="-issued",
        row_url=lambda row: reverse("warning", args=[row.pk]),
        empty=Emptiness(gettext_lazy("没有提醒和督办函"), gettext_lazy("系统每天按督办规则检查时限"), icon="mail"),
    )


@require_GET
@door(roles=SEERS)
def list_warnings(request: HttpRequest) -> HttpResponseBase:
    """The letters that the person may see."""
    user: Any = request.user
    return _letters_page().respond(request, selectors.list_warnings(user))


@require_GET
@door(roles=SEERS)
def show_warning(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One letter, with its answer."""
    user: Any = request.user
    warning = selectors.get_warning(user=user, pk=pk)
    names = accounts.organisation_names([warning.organisation_id])
    is_own = warning.organisation_id == user.organisation_id and user.has_role(*UNITS)
    late = warning.state == WarningState.ISSUED and warning.answer_by_date < timezone.localdate()
    context = {
        "warning": warning,
        "title": _("%(word)s函") % {"word": warning.word},
        "number": _letter_number(warning),
        "chip": warning_chip(warning.tone, warning.word),
        "unit": names.get(warning.organisation_id, ""),
        "may_answer": is_own and warning.state == WarningState.ISSUED,
        "is_late": late,
        "crumbs": [Crumb(_("提醒与督办函"), reverse("warnings"))],
    }
    return render(request, "supervision/warning.html", context)


@door(roles=UNITS)
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer a letter."""
    user: Any = request.user
    warning = selectors.get_warning(user=user, pk=pk)
    return act_page(
        request,
        form=AnswerForm(request.POST or None),
        do=lambda data: answer_warning(user=user, warning_id=pk, answer=data["answer"], at=timezone.now()),
        title=_("答复"),
        about=warning.reason,
        act_label=_("答复"),
        back_url=reverse("warning", args=[pk]),
    )
