"""Pages of documents: bring one in, look at the text beside what was read, correct by click, confirm."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from kouan.accounts.access import NotYours, door
from kouan.screens.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, MainAct, TextFilter
from kouan.screens.pieces import Consequence, Crumb, Emptiness, NextStep
from kouan.supervision import showing
from kouan.supervision.codes import Frequency, UnitRole
from kouan.supervision.correcting import DraftTask
from kouan.supervision.forms.documents import (
    ConfirmForm,
    UploadForm,
)
from kouan.supervision.forms.fields import ReasonForm
from kouan.supervision.selectors import documents as selectors
from kouan.supervision.services import documents as services
from kouan.supervision.services.conference import found_conference
from kouan.supervision.states import DocumentState
from kouan.supervision.views.acting import OFFICE, SEERS, act_page

LARGEST_UPLOAD = 20 * 1024 * 1024

DOCUMENTS = ListPage(
    key="documents",
    title=gettext_lazy("公文"),
    about=gettext_lazy("上级和本级文件：读出事项、责任单位、时限和目标，核对后入账"),
    columns=[
        Column("title", gettext_lazy("标题"), sort="title", note="number"),
        Column("state", gettext_lazy("状态"), kind="chip", family="policy_document", sort="state"),
        Column("issuer", gettext_lazy("发文机关"), sort="issuer"),
        Column("issued", gettext_lazy("成文日期"), "issued_date", kind="date", sort="issued_date"),
        Column("tasks", gettext_lazy("入账事项"), "task_count", kind="count", sort="task_count"),
        Column("uploaded", gettext_lazy("上传时间"), "uploaded_at", kind="when", sort="uploaded_at"),
    ],
    filters=[
        TextFilter("q", gettext_lazy("标题、文号或全文"), find=selectors.find_documents),
        ChoiceFilter(
            "state",
            gettext_lazy("状态"),
            choices=[
                (DocumentState.READ.value, gettext_lazy("待确认")),
                (DocumentState.CONFIRMED.value, gettext_lazy("已入账")),
                (DocumentState.REPEALED.value, gettext_lazy("已废止")),
            ],
        ),
        DateRangeFilter("issued", gettext_lazy("成文日期"), field="issued_date"),
    ],
    default_sort="-uploaded",
    row_url=lambda row: reverse("policy-document", args=[row.pk]),
    empty=Emptiness(
        gettext_lazy("还没有文件"), gettext_lazy("上传一份文件，系统读出其中的事项和责任单位"), icon="files"
    ),
)


@require_GET
@door(roles=SEERS)
def list_documents(request: HttpRequest) -> HttpResponseBase:
    """The documents that the person may see."""
    user: Any = request.user
    main_act = MainAct(_("上传文件"), reverse("new-policy-document"), "upload") if user.sees_all_cases else None
    return DOCUMENTS.respond(request, selectors.list_documents(user), main_act=main_act)


@door(roles=OFFICE)
def add_document(request: HttpRequest) -> HttpResponse:
    """Bring a document in: a file or a pasted text."""
    user: Any = request.user
    form = UploadForm(request.POST or None, request.FILES or None)
    problems: list[Any] = []
    if request.method == "POST" and form.is_valid():
        file, text = form.cleaned_data["file"], form.cleaned_data["text"].strip()
        now = timezone.now()
        try:
            if file is not None and file.size > LARGEST_UPLOAD:
                form.add_error("file", _("文件超过 20 MB"))
            elif file is not None:
                document = services.receive_document(
                    user=user,
                    file_name=file.name or "",
                    content=file.read(),
                    media_type=file.content_type or "",
                    at=now,
                )
                return redirect("policy-document", pk=document.pk)
            elif text:
                return redirect("policy-document", pk=services.receive_text(user=user, text=text, at=now).pk)
            else:
                form.add_error("file", _("请选择文件或粘贴全文"))
        except services.TheDocumentCannotBeRead as refusal:
            problems = refusal.problems
        except services.TheDocumentIsHere as known:
            messages.info(request, _("这份文件已在库中"))
            return redirect("policy-document", pk=known.pk)
    context = {
        "form": form,
        "problems": problems,
        "title": _("上传文件"),
        "about": _("原件原样保存；读出的内容在下一页核对"),
        "submit_label": _("读取"),
        "is_upload": True,
        "back_url": reverse("policy-documents"),
        "crumbs": [Crumb(_("公文"), reverse("policy-documents"))],
    }
    return render(request, "supervision/upload.html", context, status=422 if problems or form.errors else 200)


@require_GET
@door(roles=SEERS)
def show_document(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The text beside what was read."""
    user: Any = request.user
    document = selectors.get_document(user=user, pk=pk)
    number = request.GET.get("version", "")
    ledger = selectors.draft_ledger(document, int(number) if number.isdecimal() else None)
    found = ledger.reading.found
    roles = {value: str(label) for value, label in UnitRole.choices}
    draft = ledger.draft
    versions = selectors.list_versions(document)
    tasks = [_shown_task(ledger, task) for task in draft.tasks]
    entered = {task.clause: task for task in document.tasks.filter(parent__isnull=True).defer("search")}
    for each in tasks:
        each["entered"] = entered.get(each["task"].clause)
    new = [each for each in tasks if each["entered"] is None and each["task"].units]
    context = {
        "document": document,
        "title": document.title,
        "reading": ledger.reading,
        "versions": versions,
        "is_newest": ledger.reading.pk == versions[0].pk,
        "paragraphs": showing.paragraphs(
            ledger.reading.text,
            showing.marks_of(draft, found["head"], ledger.unknown_names, roles),
            showing.points_of(draft),
            [task.span for task in draft.tasks],
        ),
        "tasks": tasks,
        "left_out": _left_out(found, draft.tasks),
        "bodies": selectors.list_bodies(document),
        "defaults": found["defaults"],
        "problems": found["problems"],
        "dropped": draft.dropped,
        "unapplied": draft.unapplied,
        "corrections": ledger.corrections,
        "unknown_names": ledger.unknown_names,
        "counts": {
            "tasks": len(tasks),
            "units": sum(len(each["task"].units) for each in tasks),
            "deadlines": sum(1 for each in tasks for measure in each["task"].measures if measure.due),
            "figures": sum(len(each["task"].figures) for each in tasks),
            "measures": sum(len(each["task"].measures) for each in tasks),
        },
        "may_correct": user.sees_all_cases and document.state != DocumentState.REPEALED,
        "new_count": len(new),
        "next_step": _next_step(document, len(new)) if user.sees_all_cases else None,
        "crumbs": [Crumb(_("公文"), reverse("policy-documents"))],
    }
    return render(request, "supervision/document.html", context)


def _left_out(found: Any, tasks: list[DraftTask]) -> list[dict[str, Any]]:
    """The smallest numbered places that are, and hold, no task: a person may make one a task."""
    parents = {clause["parent"] for clause in found["clauses"]}
    return [
        clause
        for index, clause in enumerate(found["clauses"])
        if index not in parents
        and not any(task.span[0] < clause["span"][1] and clause["span"][0] < task.span[1] for task in tasks)
    ]


def _next_step(document: Any, new_count: int) -> NextStep:
    url = reverse("confirm-policy-document", args=[document.pk])
    if document.state == DocumentState.READ:
        return NextStep(
            "yours", _("核对识别结果后入账"), act=_("确认入账"), url=url, basis=_("点击正文中的标记即可更正")
        )
    if document.state == DocumentState.CONFIRMED and new_count:
        return NextStep("yours", _("%(n)s 个条款尚未入账") % {"n": new_count}, act=_("补充入账"), url=url)
    return NextStep("over", _("文件事项已入账") if document.state == DocumentState.CONFIRMED else _("文件已废止"))


def _shown_task(ledger: selectors.DraftLedger, task: DraftTask) -> dict[str, Any]:
    pk = ledger.document.pk
    base = reverse("correct-policy-document", args=[pk])

    def link(kind: str, anchor: str = "", which: int = 0) -> str:
        return f"{base}?{urlencode({'kind': kind, 'clause': task.clause, 'anchor': anchor, 'which': which})}"

    units = [
        {
            "unit": unit,
            "resolved": ledger.resolve(unit),
            "role": UnitRole(unit.role).label,
            "url": link("unit", unit.anchor, unit.which),
        }
        for unit in task.units
    ]
    measures = [
        {
            "measure": measure,
            "due_url": link("due", measure.text, measure.which),
            "url": link("measure", measure.text, measure.which),
        }
        for measure in task.measures
    ]
    return {
        "task": task,
        "units": units,
        "measures": measures,
        "figures": [{"figure": each, "url": link("figure", each.text, each.which)} for each in task.figures],
        "title_url": link("title"),
        "new_unit_url": link("new_unit"),
        "drop_url": link("task", task.title_as_read),
    }


@door(roles=OFFICE)
def confirm_document(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter a document's tasks into the ledger."""
    user: Any = request.user
    document = selectors.get_document(user=user, pk=pk)
    ledger = selectors.draft_ledger(document)
    with_units = [task for task in ledger.draft.tasks if task.units]
    silent = [task.clause for task in ledger.draft.tasks if not task.units]
    consequences = [
        Consequence(
            _("%(tasks)s 个事项、%(measures)s 项举措入账，责任单位即可看到")
            % {"tasks": len(with_units), "measures": sum(len(task.measures) for task in with_units)}
        )
    ]
    if silent:
        consequences.append(
            Consequence(_("未写责任单位的条款不入账：%(clauses)s") % {"clauses": "、".join(silent[:20])})
        )
    if ledger.unknown_names:
        names = "、".join(ledger.unknown_names[:12])
        consequences.append(Consequence(_("名录中没有的单位先按原名入账：%(names)s") % {"names": names}))

    def do(data: dict[str, Any]) -> None:
        count = services.confirm_document(
            user=user,
            document_id=pk,
            lead_by_order=data["lead_by_order"],
            frequency=Frequency(data["frequency"]),
            at=timezone.now(),
        )
        messages.success(request, _("已入账 %(n)s 个事项") % {"n": count})

    return act_page(
        request,
        form=ConfirmForm(request.POST or None),
        do=do,
        title=_("确认入账"),
        about=document.title,
        consequences=consequences,
        act_label=_("入账"),
        back_url=reverse("policy-document", args=[pk]),
    )


@require_POST
@door(roles=OFFICE)
def read_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Read the kept bytes again."""
    user: Any = request.user
    selectors.get_document(user=user, pk=pk)
    try:
        is_new = services.read_again(user=user, document_id=pk, at=timezone.now())
        messages.success(request, _("已重新识别，得到新版本") if is_new else _("重新识别的结果与上一版相同"))
    except services.TheDocumentCannotBeRead as refusal:
        messages.error(request, refusal.problems[0].zh)
    return redirect("policy-document", pk=pk)


@door(roles=OFFICE)
def repeal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that a document no longer holds."""
    user: Any = request.user
    document = selectors.get_document(user=user, pk=pk)
    return act_page(
        request,
        form=ReasonForm(request.POST or None),
        do=lambda data: services.repeal_document(user=user, document_id=pk, reason=data["reason"], at=timezone.now()),
        title=_("文件废止"),
        about=document.title,
        consequences=[Consequence(_("已入账的事项继续跟踪，直到办结或取消")), Consequence(_("不能撤回"), "final")],
        act_label=_("废止"),
        back_url=reverse("policy-document", args=[pk]),
        is_danger=True,
    )


@door(roles=OFFICE)
def found(request: HttpRequest, pk: UUID, body: int) -> HttpResponse:
    """Found the conference that a document sets up."""
    user: Any = request.user
    document = selectors.get_document(user=user, pk=pk)
    bodies = selectors.list_bodies(document)
    if body >= len(bodies):
        raise NotYours
    members = bodies[body]["members"]
    unknown = [member["unit"] for member in members if not member["resolved"].is_known]
    consequences = [Consequence(_("按文件建立 %(n)s 个席位") % {"n": len(members)})]
    if unknown:
        consequences.append(
            Consequence(_("名录中没有的单位或职务先按原名列席位：%(names)s") % {"names": "、".join(unknown)})
        )

    def do(data: dict[str, Any]) -> str:
        conference = found_conference(user=user, document_id=pk, body=body, at=timezone.now())
        return reverse("conference", args=[conference.pk])

    from django.forms import Form

    return act_page(
        request,
        form=Form(request.POST or None),
        do=do,
        title=_("建立联席会议"),
        about=bodies[body]["name"],
        consequences=consequences,
        act_label=_("建立"),
        back_url=reverse("policy-document", args=[pk]),
    )


@require_GET
@door(roles=SEERS)
def download_original(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The document's bytes as they came."""
    user: Any = request.user
    document = selectors.get_document(user=user, pk=pk)
    return file_response(bytes(document.raw), document.file_name)


def file_response(content: bytes, name: str, media_type: str = "application/octet-stream") -> HttpResponse:
    """A file to be kept, never shown by the browser itself."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
