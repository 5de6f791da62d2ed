"""The list page: declared once with its columns and filters, it answers with a page, a refreshed table or a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kouan.records.problems import Problem
from kouan.screens import formats, framing, masking, private
from kouan.screens.lists import counting, exports, keyset
from kouan.screens.lists.columns import Column
from kouan.screens.lists.filters import Filter, Reading
from kouan.screens.lists.keyset import Slice, Sort
from kouan.screens.pieces import Crumb, Emptiness

PAGE_SIZES = (25, 50, 100, 200)
COOKIE_DAYS = 400


@dataclass(frozen=True)
class BulkAct:
    """An act on several rows: posts the chosen rows' keys as `pk` to `url_name`.

    `url_name`'s view reads them with `ListPage.selection`. `is_danger` colours it; its own page says what will happen.
    """

    key: str
    label: Any
    url_name: str
    icon: str = ""
    is_danger: bool = False


@dataclass(frozen=True)
class MainAct:
    """The one main act of the page, at the right of the title."""

    label: Any
    url: str
    icon: str = "plus"


@dataclass(frozen=True)
class Preset:
    """A named view that the desk gives everyone: a tab above the filters. `query` is as in the address.

    With `is_counted` the tab shows how many rows wait there, up to 99+.
    """

    key: str
    label: Any
    query: Mapping[str, str | Sequence[str]]
    is_counted: bool = False


@dataclass(frozen=True)
class Selection:
    """The rows chosen for a bulk act: those the user may see among those asked, at most `limit`."""

    rows: QuerySet
    asked_count: int
    is_everything: bool
    is_cut: bool


@dataclass(frozen=True)
class ActiveFilter:
    """A filter in force, in words, with the address of the list without it."""

    key: str
    label: Any
    words: str
    url_without: str
    is_typed: bool = False

    @property
    def words_for_audit(self) -> str:
        """The words, masked where a person typed them freely: they may be a name or a number of an identity card."""
        return masking.to_masked(self.words) if self.is_typed else self.words

    @property
    def text(self) -> str:
        return formats.to_labelled(self.label, self.words)


@dataclass
class Asked:
    """What the address asks of a list, read once."""

    query: QueryDict
    readings: dict[str, Reading]
    sort_key: str
    is_descending: bool
    size: int
    columns: tuple[Column, ...]
    after: str
    before: str
    from_end: bool
    problems: list[Problem]

    @property
    def chosen_columns(self) -> list[str]:
        """The columns that the address names, to be kept when the filters change."""
        return self.query.getlist("cols")

    @property
    def other_parameters(self) -> list[tuple[str, str]]:
        """All of the address but columns and place, for the form that chooses columns."""
        left_out = {"cols", "after", "before", "end", "export"}
        return [(name, value) for name, values in self.query.lists() if name not in left_out for value in values]

    def url(self, **changes: str | None) -> str:
        """The address with some parameters changed; None takes one away. Moving in pages starts anew otherwise."""
        query = self.query.copy()
        for name in ("after", "before", "end", "export"):
            query.pop(name, None)
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return f"?{query.urlencode()}" if query else "?"


@dataclass(frozen=True)
class ListPage:
    """A list page. Make one as a module's constant; answer a request with `respond(request, rows)`.

    `columns` and `filters` in their order; `default_sort` is a column key, with `-` for descending.
    `row_url(row)` is the row's own page. `beside`: where the window is wide, that page's detail opens beside the list.
    `empty` says why there is nothing and what to do next.
    `exact_to` is how far rows are counted before the count becomes an estimate; lower it where a store is large.
    `export_limit` is the most rows a file holds; 0 for no export. Rows must already be those the user may see.
    """

    key: str
    title: Any
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    default_sort: str = ""
    about: Any = ""
    row_url: Callable[[Any], str] | None = None
    beside: bool = False
    presets: Sequence[Preset] = ()
    bulk: Sequence[BulkAct] = ()
    empty: Emptiness = field(default_factory=lambda: Emptiness(gettext_lazy("这里还没有记录")))
    exact_to: int | None = None
    export_limit: int = 20_000
    bulk_limit: int = 1_000
    page_size: int = 50
    template: str = "screens/list.html"

    @property
    def export_limit_words(self) -> str:
        return f"{self.export_limit:,}"

    def respond(
        self,
        request: HttpRequest,
        rows: QuerySet,
        *,
        at: datetime | None = None,
        main_act: MainAct | None = None,
        crumbs: Sequence[Crumb] = (),
        extra: Mapping[str, Any] | None = None,
    ) -> HttpResponseBase:
        """Answer with the page, with the table alone when htmx asks for it, or with a file when `export` is asked."""
        if moved := private.sealed(request.GET, [each.key for each in self.filters if each.is_typed]):
            return redirect(f"{request.path}?{moved.urlencode()}")
        at = at or timezone.now()
        asked = self.read(request)
        narrowed = self.narrow(rows, asked.readings)
        kind = request.GET.get("export", "")
        if kind in exports.TYPES and self.export_limit:
            return self._export(request, narrowed, asked, kind, at)
        context = {
            **(extra or {}),
            **self._context(request, rows, narrowed, asked, at),
            "main_act": main_act,
            "crumbs": crumbs,
        }
        is_part = request.headers.get("HX-Target") == f"list-{self.key}"
        response = render(request, "screens/lists/region.html" if is_part else self.template, context)
        patch_vary_headers(response, ["HX-Request", "HX-Target"])
        self._remember_columns(request, response)
        return response

    def read(self, request: HttpRequest, query: QueryDict | None = None) -> Asked:
        """Read the address: filters, sort, place, size and columns. What cannot be read is told, never guessed."""
        query = request.GET if query is None else query
        readings = {each.key: each.read(query, request) for each in self.filters}
        problems = [problem for reading in readings.values() for problem in reading.problems]
        sort = query.get("sort", "") or self.default_sort
        sort_key = sort.removeprefix("-")
        if not any(column.key == sort_key and column.sort for column in self.columns):
            sort = self.default_sort
            sort_key = sort.removeprefix("-")
        size = query.get("size", "")
        return Asked(
            query=query,
            readings=readings,
            sort_key=sort_key,
            is_descending=sort.startswith("-"),
            size=int(size) if size in {str(each) for each in PAGE_SIZES} else self.page_size,
            columns=self._shown_columns(request, query),
            after=query.get("after", ""),
            before=query.get("before", ""),
            from_end=query.get("end") == "1",
            problems=problems,
        )

    def narrow(self, rows: QuerySet, readings: Mapping[str, Reading]) -> QuerySet:
        """The rows that the filters leave."""
        for each in self.filters:
            value = readings[each.key].value
            if value is not None:
                rows = each.narrow(rows, value)
        return rows

    def selection(self, request: HttpRequest, rows: QuerySet) -> Selection:
        """The rows that a bulk act was asked for: the ticked ones, or all that the posted filters leave.

        Keys the user may not see are not in `rows` and so fall out; keys that are no keys are ignored.
        """
        if request.POST.get("everything") == "1":
            asked = self.read(request, QueryDict(request.POST.get("query", "").lstrip("?")[:4000]))
            narrowed = self.narrow(rows, asked.readings).order_by("pk")
            count = counting.count_to(narrowed, self.bulk_limit)
            return Selection(narrowed[: self.bulk_limit], count, True, count > self.bulk_limit)
        keys = list(dict.fromkeys(request.POST.getlist("pk")))
        good = [key for key in keys[: self.bulk_limit] if _is_key(rows, key)]
        return Selection(rows.filter(pk__in=good), len(keys), False, len(keys) > self.bulk_limit)

    def _sort(self, rows: QuerySet, asked: Asked) -> Sort:
        column = next((each for each in self.columns if each.key == asked.sort_key and each.sort), None)
        return keyset.to_sort(rows, column.sort if column else "pk", is_descending=asked.is_descending)

    def _take(self, rows: QuerySet, asked: Asked) -> Slice:
        sort = self._sort(rows, asked)
        try:
            return keyset.take(
                rows, sort, size=asked.size, after=asked.after, before=asked.before, from_end=asked.from_end
            )
        except keyset.UnreadableCursor:
            return keyset.take(rows, sort, size=asked.size)

    def _context(
        self, request: HttpRequest, rows: QuerySet, narrowed: QuerySet, asked: Asked, at: datetime
    ) -> dict[str, Any]:
        taken = self._take(narrowed, asked)
        totals = counting.count_and_sum(narrowed, [column for column in asked.columns if column.total], self.exact_to)
        active = self._active(request, asked)
        is_bare = not taken.rows and not active
        return {
            "page": self,
            "asked": asked,
            "at": at,
            "rows": taken.rows,
            "filters": [(each, asked.readings[each.key]) for each in self.filters],
            "active": active,
            "problems": asked.problems,
            "count": totals.count,
            "totals": totals.sums,
            "has_totals": any(column.total for column in asked.columns) and bool(taken.rows),
            "heads": [self._head(column, asked) for column in asked.columns],
            "all_columns": [(column, column in asked.columns) for column in self.columns],
            "presets": self._presets(request, rows),
            "first_url": asked.url() if taken.before else "",
            "before_url": asked.url(before=taken.before) if taken.before else "",
            "after_url": asked.url(after=taken.after) if taken.after else "",
            "last_url": asked.url(end="1") if taken.after else "",
            "sizes": [(size, asked.url(size=str(size)), size == asked.size) for size in PAGE_SIZES],
            "export_urls": {kind: asked.url(export=kind) for kind in exports.TYPES} if self.export_limit else {},
            "reset_url": request.path,
            "is_bare": is_bare,
            "query_string": asked.query.urlencode(),
        }

    def _head(self, column: Column, asked: Asked) -> dict[str, Any]:
        is_current = column.key == asked.sort_key
        descends_next = asked.is_descending is False if is_current else column.is_number or column.kind == "when"
        return {
            "column": column,
            "aria_sort": ("descending" if asked.is_descending else "ascending") if is_current and column.sort else "",
            "url": asked.url(sort=("-" if descends_next else "") + column.key) if column.sort else "",
        }

    def _active(self, request: HttpRequest, asked: Asked) -> list[ActiveFilter]:
        active = []
        for each in self.filters:
            reading = asked.readings[each.key]
            if reading.value is not None:
                url = asked.url(**dict.fromkeys(each.params))
                words = each.words(reading, request)
                active.append(ActiveFilter(each.key, each.label, words, url, each.is_typed))
        return active

    def _presets(self, request: HttpRequest, rows: QuerySet) -> list[dict[str, Any]]:
        if not self.presets:
            return []
        names = {name for each in self.filters for name in each.params}
        now = {name: sorted(request.GET.getlist(name)) for name in names if any(request.GET.getlist(name))}
        shown = [{"label": _("全部"), "url": request.path, "count": None, "is_current": not now}]
        for preset in self.presets:
            query = QueryDict(mutable=True)
            for name, value in preset.query.items():
                query.setlist(name, [value] if isinstance(value, str) else list(value))
            count = None
            if preset.is_counted:
                narrowed = self.narrow(rows, self.read(request, query).readings)
                count = counting.count_to(narrowed, 99)
            filters_only = {name: sorted(values) for name, values in query.lists() if name in names}
            shown.append(
                {
                    "label": preset.label,
                    "url": f"?{query.urlencode()}",
                    "count": None if count is None else "99+" if count > 99 else str(count),
                    "is_current": now == filters_only,
                }
            )
        return shown

    def _shown_columns(self, request: HttpRequest, query: QueryDict) -> tuple[Column, ...]:
        """The columns asked for in the address, else those the person chose last, else the usual ones."""
        names = query.getlist("cols")
        if not names:
            names = request.COOKIES.get(self._cookie, "").split(".")
        known = {column.key for column in self.columns}
        chosen = [name for name in names if name in known]
        if not chosen:
            return tuple(column for column in self.columns if column.shown)
        return tuple(column for column in self.columns if column.key in chosen)

    @property
    def _cookie(self) -> str:
        return f"kouan_columns_{self.key}"

    def _remember_columns(self, request: HttpRequest, response: HttpResponse) -> None:
        known = {column.key for column in self.columns}
        chosen = [name for name in request.GET.getlist("cols") if name in known]
        if chosen:
            response.set_cookie(
                self._cookie, ".".join(chosen), max_age=COOKIE_DAYS * 86400, samesite="Lax", httponly=True
            )

    def _export(self, request: HttpRequest, rows: QuerySet, asked: Asked, kind: str, at: datetime) -> HttpResponseBase:
        person = framing.person_of(request.user)
        active = self._active(request, asked)
        sort = self._sort(rows, asked)
        ordered = rows.order_by(*keyset.order(sort))[: self.export_limit + 1].iterator(chunk_size=2000)

        def notes(count: int, is_cut: bool) -> list[Any]:
            made = [
                (_("内容"), self.title),
                (_("筛选"), "；".join(each.text for each in active) or _("无")),
                (_("数据时间"), timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S %z")),
                (_("导出人"), " · ".join(part for part in (person.name, person.unit) if part)),
                (_("行数"), f"{count:,}"),
            ]
            if is_cut:
                made.append((_("注意"), _("超过上限 %(n)s 行，其余未导出") % {"n": f"{self.export_limit:,}"}))
            return made

        file, count, is_cut = exports.write_rows(kind, asked.columns, ordered, limit=self.export_limit, notes=notes)
        export = exports.Export(
            list_key=self.key,
            title=str(self.title),
            kind=kind,
            columns=tuple(column.key for column in asked.columns),
            filters=tuple((each.key, each.words_for_audit) for each in active),
            row_count=count,
            is_cut=is_cut,
            limit=self.export_limit,
            made_at=timezone.localtime(at),
            made_by=str(request.user.pk or ""),
        )
        exports.tell_auditors(request, export)
        return exports.to_response(file, export)


def _is_key(rows: QuerySet, text: str) -> bool:
    try:
        rows.model._meta.pk.to_python(text)
    except Exception:
        return False
    return True
