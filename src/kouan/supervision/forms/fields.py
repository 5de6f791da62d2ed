"""What the forms of supervision are made of."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

Choices = list[tuple[str, Any]]


def area(rows: int = 4) -> forms.Textarea:
    """Some lines of text."""
    return forms.Textarea(attrs={"rows": rows})


def day() -> forms.DateInput:
    """A calendar day."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class UnitsForm(forms.Form):
    """A form whose unit fields offer the register's units."""

    unit_fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, units: Choices = (), **kwargs: Any) -> None:  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        for name in self.unit_fields:
            field = self.fields[name]
            blank = [] if field.required or isinstance(field, forms.MultipleChoiceField) else [("", "—")]
            field.choices = [*blank, *units]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label=_("理由"), max_length=2000, widget=area(3), required=False)
