"""The page of official answers for which no document was found: they wait in the open."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kouan.accounts.access import door
from kouan.accounts.codes import Role
from kouan.declarations import selectors

PAGE = 50
KEYS = {
    "answered": _("单证"),
    "owner": _("企业代码"),
    "number": _("编号"),
    "status": _("回执状态"),
    "list_no": _("清单编号"),
    "tax_no": _("税单编号"),
    "message": _("所答报文"),
    "problem": _("问题"),
}
"""What the parts of an answer's key are called."""


@door(roles=[Role.PORT_OFFICE_CLERK, Role.SYSTEM_ADMIN])
def list_unplaced(request: HttpRequest) -> HttpResponse:
    """Show the answers that fit no document, newest first, page by key."""
    found = selectors.list_unplaced_answers(after=_after(request.GET.get("after", "")), size=PAGE)
    shown = found[:PAGE]
    context = {
        "answers": [(one, [(KEYS.get(key, key), value) for key, value in one.keys.items()]) for one in shown],
        "count": selectors.count_unplaced_answers(),
        "next": f"{shown[-1].message_id}.{shown[-1].node_index}" if len(found) > PAGE else "",
        "is_first": "after" not in request.GET,
        "at": timezone.now(),
    }
    return render(request, "declarations/unplaced.html", context)


def _after(text: str) -> tuple[UUID, int] | None:
    message, _, index = text.partition(".")
    try:
        return UUID(message), int(index)
    except ValueError:
        return None
