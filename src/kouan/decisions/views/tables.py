"""The pages of the decision tables: the list, and a version as a grid to read and to try out."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kouan.accounts.access import NotYours, door
from kouan.accounts.codes import Role
from kouan.decisions import decided, grids, selectors
from kouan.decisions.examples import try_examples
from kouan.decisions.firing import count_firings, is_counted
from kouan.decisions.forms import ReplayForm
from kouan.decisions.services import editing
from kouan.decisions.states import State
from kouan.decisions.types import Policy, TableContent, TableUnknown
from kouan.reference import selectors as reference
from kouan.screens import framing
from kouan.screens.formats import is_english
from kouan.screens.lists import Column, Export, ListPage, TextFilter, exports
from kouan.screens.pieces import Crumb, Emptiness

READERS = (Role.PORT_OFFICE_CLERK, Role.OFFICER, Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN)
MOST_MARKED = 500


def _name(table: Any) -> str:
    return table.name_en if is_english() else table.name_zh


def _standing(table: Any) -> str:
    return _("第 %(n)s 版") % {"n": table.standing_number} if table.standing_number else ""


TABLES = ListPage(
    key="decisions",
    title=gettext_lazy("判定表"),
    about=gettext_lazy("涉及单位、作业场所等由表判定；每个版本有启用日期，办件记着用的是哪一版、哪一行"),
    columns=[
        Column("name", gettext_lazy("判定表"), _name, note="key", sort="key"),
        Column("standing", gettext_lazy("现行版本"), _standing, sort="standing_number"),
        Column("since", gettext_lazy("启用日期"), "standing_since", kind="date", sort="standing_since"),
        Column("rows", gettext_lazy("行数"), "standing_rows", kind="count", sort="standing_rows"),
        Column("drafts", gettext_lazy("待批准的草案"), "draft_count", kind="count", sort="draft_count"),
    ],
    filters=[TextFilter("q", gettext_lazy("名称或标识"), fields=["key", "name_zh", "name_en"])],
    default_sort="name",
    row_url=lambda table: reverse("decision", args=[table.pk]),
    empty=Emptiness(
        gettext_lazy("还没有判定表"), gettext_lazy("由系统管理员用 kouan decisions load 载入"), icon="compare"
    ),
)


@require_GET
@door(roles=READERS)
def list_decisions(request: HttpRequest) -> HttpResponseBase:
    """All decision tables with the version that stands today."""
    return TABLES.respond(request, selectors.list_tables(timezone.localdate()).visible_to(request.user))


@require_GET
@door(roles=READERS)
def show_decision(request: HttpRequest, key: str, number: int | None = None) -> HttpResponseBase:
    """A version of a table as a grid: the one asked for, else the one that stands today, else the newest.

    ``?rows=a,b`` marks rows (those that fired for a case); ``?try=1&in_…=…`` tries the table out; ``?export=xlsx``.
    """
    version = find_version(key, number)
    content = TableContent.from_json(version.content)
    lang = get_language() or "zh-hans"
    codes = reference.load_codes(timezone.localdate())
    decision = None
    if request.GET.get("try"):
        decision = selectors.evaluate_version(key, version.number, grids.to_context(content, request.GET.dict()))
    marked = request.GET.get("rows", "").split(",")[:MOST_MARKED]
    firings = count_firings(key, version.number) if request.GET.get("counts") else None
    grid = grids.to_grid(content, lang, codes, marked, decision, firings)
    kind = request.GET.get("export", "")
    if kind in exports.TYPES:
        return _export(request, version, grid, kind)
    standing = selectors.find_version_in_force(key, timezone.localdate())
    context = {
        "version": version,
        "title": _name(version.table),
        "grid": grid,
        "merges": content.policy is Policy.MERGE,
        "trials": grids.to_trials(content, lang, request.GET.dict()),
        "decision": decision,
        "answers": grids.to_answers(content, grid, decision, lang) if decision is not None else [],
        "marked": [row.id for row in grid.rows if row.has_fired],
        "is_marked_by_case": decision is None and any(row.has_fired for row in grid.rows),
        "versions": selectors.list_versions(key),
        "may_count": is_counted(key),
        "firings": firings,
        "standing": standing,
        "is_standing": standing is not None and standing.number == version.number,
        "is_draft": version.state == State.DRAFT,
        "is_editing": version.state == State.EDITING,
        "is_own": version.created_by_id == request.user.pk,
        "may_edit": request.user.has_role(*editing.EDITORS),  # type: ignore[union-attr]
        "may_replay": decided.source_of(key) is not None,
        "replay_form": ReplayForm(),
        "replays": selectors.list_replays(version),
        "examples": try_examples(key, version.number, content) if version.state != State.EDITING else [],
        "crumbs": [Crumb(_("判定表"), reverse("decision-list"))],
    }
    return render(request, "decisions/version.html", context)


def _export(request: HttpRequest, version: Any, grid: grids.Grid, kind: str) -> HttpResponseBase:
    """The grid as a file, with what it is and where it comes from on a second sheet."""
    at = timezone.localtime()
    person = framing.person_of(request.user)
    title = f"{_name(version.table)}-v{version.number}"
    columns = [
        Column("row", _("行"), "id", kind="code"),
        Column("title", _("说明"), "title", is_long=True),
        *(
            Column(f"i{at}", f"{_('条件')}：{label}", lambda row, at=at: row.conditions[at].words, is_long=True)
            for at, label in enumerate(grid.inputs)
        ),
        *(
            Column(f"o{at}", f"{_('结果')}：{label}", lambda row, at=at: row.results[at].words, is_long=True)
            for at, label in enumerate(grid.outputs)
        ),
    ]

    def notes(count: int, is_cut: bool) -> list[Any]:
        return [
            (_("内容"), f"{_name(version.table)} · {_('第 %(n)s 版') % {'n': version.number}}"),
            (_("状态"), version.get_state_display()),
            (_("启用日期"), version.since.isoformat()),
            (_("依据"), version.source),
            (_("数据时间"), at.strftime("%Y-%m-%d %H:%M:%S %z")),
            (_("导出人"), " · ".join(part for part in (person.name, person.unit) if part)),
            (_("行数"), f"{count:,}"),
        ]

    file, count, is_cut = exports.write_rows(kind, columns, grid.rows, limit=len(grid.rows), notes=notes)
    export = Export(
        list_key="decision",
        title=title,
        kind=kind,
        columns=tuple(column.key for column in columns),
        filters=(),
        row_count=count,
        is_cut=is_cut,
        limit=len(grid.rows),
        made_at=at,
        made_by=str(request.user.pk or ""),
    )
    exports.tell_auditors(request, export)
    return exports.to_response(file, export)


def find_version(key: str, number: int | None) -> Any:
    """Give a version to a page, the one to show where none is named; raises NotYours."""
    try:
        if number is not None:
            return selectors.get_version(key, number)
        return selectors.get_version_to_show(key, timezone.localdate())
    except TableUnknown:
        raise NotYours from None
