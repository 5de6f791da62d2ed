"""Forms for words of a document that were not read as what they are."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kouan.supervision.forms.documents import PERIODS, NewUnitForm
from kouan.supervision.forms.fields import Choices, day


class PlaceForm(forms.Form):
    """Words of a document that nobody read, and the task that they belong to. tasks: clause and title of each."""

    clause = forms.ChoiceField(label=_("属于事项"))

    def __init__(self, *args: Any, tasks: Choices = (), **kwargs: Any) -> None:  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        self.fields["clause"].choices = tasks  # type: ignore[attr-defined]


class NewTaskForm(forms.Form):
    """A task that was not read. taken: the clauses that stand for tasks already."""

    clause = forms.CharField(label=_("条款"), max_length=60, help_text=_("文件中的序号，例如 二(一)3；没有序号的自拟"))
    title = forms.CharField(label=_("事项名称"), max_length=300)

    def __init__(self, *args: Any, taken: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._taken = taken

    def clean_clause(self) -> str:
        """Refuse a clause that stands for another task."""
        clause = self.cleaned_data["clause"].strip()
        if clause in self._taken:
            raise forms.ValidationError(_("这一条款已有事项，请换一个条款号，例如在后面加“补”"))
        return clause


class NewUnitOfTaskForm(PlaceForm, NewUnitForm):
    """A unit that was not read, at its words."""


class NewFigureForm(PlaceForm):
    """A figure that was not read, at its words."""

    low = forms.DecimalField(label=_("下限"), required=False)
    high = forms.DecimalField(label=_("上限"), required=False)
    unit = forms.CharField(label=_("单位"), max_length=40, required=False)
    period = forms.ChoiceField(label=_("期间"), required=False, choices=PERIODS)


class NewDueForm(forms.Form):
    """A deadline that was not read, and the measure that it is set for. measures: their numbers and words."""

    measure = forms.ChoiceField(label=_("举措"))
    date = forms.DateField(label=_("时限"), widget=day())

    def __init__(self, *args: Any, measures: Choices = (), **kwargs: Any) -> None:  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        self.fields["measure"].choices = measures  # type: ignore[attr-defined]
