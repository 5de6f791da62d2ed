"""The checker's page of any draft: everything that was typed, each field with a mark, to pass or to give back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kouan.accounts.access import NotAllowed
from kouan.checking.columns import Checked
from kouan.checking.forms import BounceForm
from kouan.checking.selectors import Standing, standing_of
from kouan.checking.services.checking import SomebodyWasQuicker
from kouan.records.problems import Problem
from kouan.reference.codes import Generation
from kouan.reference.types import Codes
from kouan.screens.masking import to_masked
from kouan.screens.pieces import Crumb
from kouan.workflow import selectors as workflow


@dataclass(frozen=True, slots=True)
class Typed:
    """One field as the checker reads it: its pointer, label, value, and what a code means."""

    pointer: str
    label: Any
    value: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads what was typed in words.

    coded: the code table of each field that holds a code, in a generation. masked: fields that hold personal data, and
    its kind.
    """

    codes: Codes
    coded: Mapping[str, str]
    generation: Generation = Generation.CURRENT
    masked: Mapping[str, str] = field(default_factory=dict)

    def read(self, pointer: str, name: str, label: Any, value: Any) -> Typed:
        """Give one field, with what its code means."""
        text = str(value or "")
        if text and name in self.masked:
            text = to_masked(text, self.masked[name])
        meaning = ""
        if text and name in self.coded:
            language = get_language() or "zh"
            meaning = self.codes.name(self.coded[name], text, language, generation=self.generation) or ""
        return Typed(pointer, label, text, meaning)

    def group(self, fields: Sequence[Any], values: Mapping[str, Any]) -> list[Typed]:
        """Give the bound fields of a form in which something was typed."""
        read = [_in_words(one, self.read(one.name, one.name, one.label, values.get(one.name))) for one in fields]
        return [one for one in read if one.value]

    def lines(self, key: str, fields: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> list[list[Typed]]:
        """Give the lines of a grid."""
        return [
            [self.read(f"{key}-{at}-{name}", name, fields[name].label, line.get(name)) for name in fields]
            for at, line in enumerate(lines)
        ]


def _in_words(bound: Any, typed: Typed) -> Typed:
    """Show the word of a choice instead of its stored value."""
    choices = dict(getattr(bound.field, "choices", []))
    return replace(typed, value=str(choices[typed.value])) if typed.value in choices else typed


@dataclass(frozen=True, slots=True)
class Review:
    """What a checker's page shows of a draft, and what its acts call.

    groups: label and fields. lists: key, label, titles, lines. found: what the rules find. form_url: where it can be
    read or written, under form_label. done_url: where a verdict leads, form_url unless given. made_by: the system that
    made it, where no person did. is_open: whether a verdict can still be given. ``let_pass(revision)`` and
    ``give_back(given)``, with what the form says, raise NotAllowed and SomebodyWasQuicker.
    """

    draft: Checked
    kind: str
    title: str
    client: str
    form_url: str
    groups: Sequence[tuple[Any, Sequence[Typed]]]
    lists: Sequence[tuple[str, Any, Sequence[Any], Sequence[Sequence[Typed]]]]
    found: Sequence[Problem]
    crumbs: Sequence[Crumb]
    file_count: int
    let_pass: Callable[[int], None]
    give_back: Callable[[Mapping[str, Any]], None]
    form_label: Any = ""
    done_url: str = ""
    made_by: str = ""
    is_open: bool = True


def respond(request: HttpRequest, review: Review) -> HttpResponse:
    """Show a draft to the checker, or take the verdict."""
    user: Any = request.user
    seen = {"revision": review.draft.revision, "stands": review.draft.stands}
    form = BounceForm(request.POST or None, initial=seen)
    problems: list[Problem] = []
    status = 200
    if request.method == "POST":
        try:
            if _take(request, review, form):
                return redirect(review.done_url or review.form_url)
            status = 422
        except (NotAllowed, SomebodyWasQuicker) as refusal:
            problems, status = [refusal.problem], refusal.status
            review.draft.refresh_from_db()
    context = {
        "review": review,
        "draft": review.draft,
        "form": form,
        "problems": problems,
        "standing": _standing(review, user),
        "events": [one for one in workflow.list_events(subject_id=review.draft.pk) if one.act.startswith("check_")],
        "crumbs": review.crumbs,
    }
    return render(request, "checking/review.html", context, status=status)


def _standing(review: Review, user: Any) -> Standing:
    standing = standing_of(review.draft, review.kind, user)
    return replace(standing, maker=review.made_by or standing.maker, may_check=standing.may_check and review.is_open)


def _take(request: HttpRequest, review: Review, form: BounceForm) -> bool:
    """Do what the checker decided; tell whether anything was."""
    is_valid, did = form.is_valid(), request.POST.get("do")
    revision = form.cleaned_data.get("revision")
    if revision is None:
        return False
    if did == "pass":
        review.let_pass(revision)
        messages.success(request, _("复核通过，可以发送。"))
        return True
    if did == "bounce" and is_valid:
        review.give_back(form.cleaned_data)
        messages.success(request, _("已退回制单人。"))
        return True
    return False
