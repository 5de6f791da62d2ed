"""The matrix of a document as page, Excel and drawing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from kouan.accounts.access import door
from kouan.audit import services as audit
from kouan.law.clauses import Progress
from kouan.screens.pieces import Chip, Crumb, Tone
from kouan.supervision import sheets
from kouan.supervision.drawing import draw_matrix
from kouan.supervision.selectors import documents
from kouan.supervision.selectors.matrix import MatrixRow, count_gaps, matrix_of
from kouan.supervision.views.acting import SEERS
from kouan.supervision.views.documents import file_response

GAPS: dict[str, Any] = {
    "not_entered": gettext_lazy("未入账"),
    "no_unit": gettext_lazy("没有责任单位"),
    "no_lead": gettext_lazy("未明确牵头"),
    "no_deadline": gettext_lazy("没有时限"),
    "no_evidence": gettext_lazy("没有佐证"),
    "no_indicator": gettext_lazy("目标未绑定指标"),
    "no_part": gettext_lazy("系统未建"),
}
PARTS = {
    Progress.BUILT: Chip(gettext_lazy("系统已建"), Tone.DONE),
    Progress.PARTLY: Chip(gettext_lazy("系统部分建成"), Tone.RUNNING),
    Progress.NOT_YET: Chip(gettext_lazy("系统未建"), Tone.REFUSED),
}


@require_GET
@door(roles=SEERS)
def show_matrix(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The matrix of a document: page, or with ``?export=xlsx`` or ``svg`` a file."""
    user: Any = request.user
    document = documents.get_document(user=user, pk=pk)
    rows = matrix_of(document, user=user)
    kind = request.GET.get("export", "")
    if kind in ("xlsx", "svg"):
        audit.record(
            actor=user, act="export_list", subject_kind="list", subject_id="matrix", at=timezone.now(),
            detail={"document": str(pk), "rows": len(rows), "kind": kind},
        )  # fmt: skip
        if kind == "xlsx":
            return file_response(sheets.matrix_sheet(document, rows, GAPS), f"{document.title[:60]}-落实矩阵.xlsx")
        return file_response(
            draw_matrix(document.title, rows, {key: str(word) for key, word in GAPS.items()}).encode(),
            f"{document.title[:60]}-落实矩阵.svg",
            "image/svg+xml",
        )
    context = {
        "document": document,
        "title": _("落实矩阵"),
        "rows": [_shown(row) for row in rows],
        "gaps": [{"word": GAPS[key], "count": count} for key, count in count_gaps(rows).items()],
        "has_parts": any(row.part for row in rows),
        "drawing": draw_matrix(document.title, rows, {key: str(word) for key, word in GAPS.items()}),
        "crumbs": [
            Crumb(_("公文"), reverse("policy-documents")),
            Crumb(document.title, reverse("policy-document", args=[pk])),
        ],
        "at": timezone.now(),
    }
    return render(request, "supervision/matrix.html", context)


def _shown(row: MatrixRow) -> dict[str, Any]:
    chip = PARTS[Progress(row.part.progress)] if row.part else None
    return {"row": row, "gaps": [GAPS[key] for key in row.gaps if key != "no_part"], "part_chip": chip}
