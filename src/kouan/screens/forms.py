"""What a form's checks answer while the person types: problems, each at its field, in the page's language."""

from __future__ import annotations

from collections.abc import Iterable

from django.forms import Form
from django.http import JsonResponse

from kouan.records.problems import Problem
from kouan.screens.formats import is_english


def checks(problems: Iterable[Problem] = (), form: Form | None = None, status: int = 200) -> JsonResponse:
    """The answer for `check_url`. Pointers are the names of form fields; a form's own errors are added."""
    english = is_english()
    found = [
        {
            "code": problem.code,
            "pointer": problem.pointer,
            "severity": problem.severity,
            "what": problem.en if english else problem.zh,
            "mend": problem.fix_en if english else problem.fix_zh,
        }
        for problem in problems
    ]
    if form is not None:
        for name, errors in form.errors.items():
            pointer = form.add_prefix(name)
            found += [
                {"code": "", "pointer": pointer, "severity": "error", "what": str(error), "mend": ""}
                for error in errors
            ]
    return JsonResponse({"problems": found}, status=status)
