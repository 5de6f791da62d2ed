"""The pages on which a version is written: begun from another, saved, tried with examples, submitted, approved."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kouan.accounts.access import NotYours, door
from kouan.audit.types import Actor
from kouan.decisions import editor, grids, selectors
from kouan.decisions.differences import differences
from kouan.decisions.examples import try_examples
from kouan.decisions.forms import ExampleForm, HeadForm, arranged, example_context, rows_typed, with_rows
from kouan.decisions.services import editing, versions
from kouan.decisions.states import State
from kouan.decisions.types import Example, TableContent, TableNotAcceptable, TableUnknown
from kouan.decisions.views.tables import READERS, find_version
from kouan.reference import selectors as reference
from kouan.screens.formats import is_english
from kouan.screens.pieces import Consequence, Crumb


@require_POST
@door(roles=editing.EDITORS)
def begin(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Begin a version from this one, and go to write it."""
    try:
        version = editing.begin_version(actor=_actor(request), at=timezone.now(), key=key, number=number)
    except TableUnknown:
        raise NotYours from None
    return redirect("decision-edit", key=key, number=version.number)


@require_http_methods(["GET", "POST"])
@door(roles=editing.EDITORS)
def edit(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Write a version: the grid with its rows; every cell is checked when it is saved."""
    version = find_version(key, number)
    if version.state != State.EDITING:
        return redirect("decision-version", key=key, number=number)
    content = TableContent.from_json(version.content)
    if request.method != "POST":
        head = HeadForm(initial={"since": version.since, "source": version.source})
        return _page(request, version, content, head, editing.problems_of(content))
    head = HeadForm(request.POST)
    act = request.POST.get("act", "save")
    content = with_rows(content, arranged(rows_typed(content, request.POST), act))
    if not head.is_valid():
        return _page(request, version, content, head, editing.problems_of(content), status=422)
    try:
        problems = editing.save_version(
            actor=_actor(request), at=timezone.now(), key=key, number=number,
            digest=request.POST.get("digest", ""), rows=content.rows, **head.cleaned_data,
        )  # fmt: skip
    except (editing.ChangedMeanwhile, TableNotAcceptable) as refused:
        problems = refused.problems if isinstance(refused, TableNotAcceptable) else [refused.problem]
        return _page(request, find_version(key, number), content, head, problems, status=409)
    if act == "submit":
        return _submit(request, key, number)
    if any(problem.is_error for problem in problems) or act != "save":
        return _page(request, find_version(key, number), content, head, problems)
    messages.success(request, _("草案已保存"))
    return redirect("decision-edit", key=key, number=number)


def _submit(request: HttpRequest, key: str, number: int) -> HttpResponse:
    try:
        editing.submit_version(actor=_actor(request), at=timezone.now(), key=key, number=number)
    except TableNotAcceptable:
        messages.error(request, _("草案有错误或用例未通过，已保存但不能提交"))
        return redirect("decision-edit", key=key, number=number)
    messages.success(request, _("草案已提交，等待另一位经办批准"))
    return redirect("decision-version", key=key, number=number)


def _page(
    request: HttpRequest, version: Any, content: TableContent, head: HeadForm, problems: list[Any], status: int = 200
) -> HttpResponse:
    lang = get_language() or "zh-hans"
    codes = reference.load_codes(timezone.localdate())
    is_right = not any(problem.is_error for problem in problems)
    tried = try_examples(version.table_id, version.number, content) if is_right else []
    rows = editor.to_editor(content, problems, lang, codes)
    title = version.table.name_en if is_english() else version.table.name_zh
    context = {
        "version": version,
        "title": title,
        "head": head,
        "inputs": [grids.label(column, lang) for column in content.inputs],
        "outputs": [grids.label(column, lang) for column in content.outputs],
        "rows": rows,
        "wrong_places": editor.wrong_places(rows, lang),
        "problems": editor.elsewhere(content, problems),
        "wrong": sum(problem.is_error for problem in problems),
        "examples": [
            (one, editor.to_case(one.example.context, content, lang), editor.to_expected(one, content, lang))
            for one in tried
        ],
        "untried": () if tried else content.examples,
        "crumbs": [
            Crumb(_("判定表"), reverse("decision-list")),
            Crumb(title, reverse("decision-version", args=[version.table_id, version.number])),
        ],
    }
    return render(request, "decisions/edit.html", context, status=status)


@require_POST
@door(roles=editing.EDITORS)
def keep_example(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Keep a trial as an example: the case that was typed, and what the version says of it now."""
    version = find_version(key, number)
    content = TableContent.from_json(version.content)
    form = ExampleForm(request.POST)
    context = grids.to_context(content, request.POST.dict())
    decision = selectors.evaluate_version(key, number, context)
    if not form.is_valid() or decision.problem:
        messages.error(request, _("用例未保存：请填写名称，并先试算出结果"))
        return redirect("decision-version", key=key, number=number)
    expected = {
        name: list(v) if isinstance(v, tuple) else v for name, v in decision.outputs.items() if v not in (None, "", ())
    }
    example = Example(form.cleaned_data["name"], example_context(content, context), expected)
    editing.add_example(actor=_actor(request), at=timezone.now(), key=key, number=number, example=example)
    messages.success(request, _("已存为测试用例"))
    return redirect("decision-edit", key=key, number=number)


@require_POST
@door(roles=editing.EDITORS)
def drop_example(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Take an example away."""
    find_version(key, number)
    name = request.POST.get("name", "")[:120]
    editing.remove_example(actor=_actor(request), at=timezone.now(), key=key, number=number, name=name)
    messages.success(request, _("用例已删除"))
    return redirect("decision-edit", key=key, number=number)


@require_http_methods(["GET", "POST"])
@door(roles=editing.EDITORS)
def approve(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Let a draft decide from its first day on, after saying what that does."""
    version = find_version(key, number)
    if request.method == "POST":
        versions.approve_version(actor=_actor(request), at=timezone.now(), key=key, number=number)
        messages.success(request, _("版本已批准"))
        return redirect("decision-version", key=key, number=number)
    since = version.since.isoformat()
    consequences = [
        Consequence(_("自 %(since)s 起按此版本判定") % {"since": since}),
        Consequence(_("此前已判定的办件保留原来的版本和行")),
        Consequence(_("编制人不能批准自己的草案")),
    ]
    return _confirm(request, version, _("批准草案"), _("批准"), consequences)


@require_http_methods(["GET", "POST"])
@door(roles=editing.EDITORS)
def discard(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Give a version up that never decided."""
    version = find_version(key, number)
    if request.method == "POST":
        versions.discard_version(actor=_actor(request), at=timezone.now(), key=key, number=number)
        messages.success(request, _("草案已作废"))
        return redirect("decision", key=key)
    consequences = [Consequence(_("该版本号不再使用")), Consequence(_("内容仍可查看"))]
    return _confirm(request, version, _("作废草案"), _("作废"), consequences, is_danger=True)


@require_POST
@door(roles=editing.EDITORS)
def send_back(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Give a draft back to be written again."""
    find_version(key, number)
    editing.send_back_version(actor=_actor(request), at=timezone.now(), key=key, number=number)
    messages.success(request, _("草案已退回编制"))
    return redirect("decision-version", key=key, number=number)


def _confirm(
    request: HttpRequest, version: Any, title: str, label: str, consequences: list[Consequence], is_danger: bool = False
) -> HttpResponse:
    name = version.table.name_en if is_english() else version.table.name_zh
    context = {
        "title": title,
        "about": f"{name} {version.number}",
        "consequences": consequences,
        "act_label": label,
        "back_url": reverse("decision-version", args=[version.table_id, version.number]),
        "is_danger": is_danger,
    }
    return render(request, "screens/confirm.html", context)


@require_GET
@door(roles=READERS)
def compare(request: HttpRequest, key: str, number: int, other: int) -> HttpResponse:
    """What a version says otherwise than another one."""
    after, before = find_version(key, number), find_version(key, other)
    lang = get_language() or "zh-hans"
    codes = reference.load_codes(timezone.localdate())
    title = after.table.name_en if is_english() else after.table.name_zh
    context = {
        "version": after,
        "before": before,
        "title": title,
        "changes": grids.to_changes(
            differences(TableContent.from_json(before.content), TableContent.from_json(after.content)),
            TableContent.from_json(after.content), lang, codes,
        ),
        "versions": selectors.list_versions(key),
        "crumbs": [
            Crumb(_("判定表"), reverse("decision-list")),
            Crumb(title, reverse("decision-version", args=[key, number])),
        ],
    }  # fmt: skip
    return render(request, "decisions/compare.html", context)


def _actor(request: HttpRequest) -> Actor:
    """The person who acts; the door has let in nobody else."""
    return cast(Actor, request.user)
