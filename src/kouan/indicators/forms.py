"""Forms of indicators."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kouan.indicators.codes import Period, Shape

_DAY = {"type": "date"}


class IndicatorForm(forms.Form):
    """A new indicator that a unit enters."""

    key = forms.RegexField(
        r"^[a-z][a-z0-9_]*$", label=_("标识"), max_length=60, help_text=_("小写字母、数字和下划线，定后不改")
    )
    name_zh = forms.CharField(label=_("名称"), max_length=120)
    name_en = forms.CharField(label=_("英文名称"), max_length=200, required=False)
    meaning = forms.CharField(label=_("定义和口径"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    unit = forms.CharField(label=_("计量单位"), max_length=40)
    period = forms.ChoiceField(label=_("报送周期"), choices=Period.choices, initial=Period.MONTH)
    shape = forms.ChoiceField(label=_("性质"), choices=Shape.choices)
    source = forms.CharField(label=_("数据来源"), max_length=200)
    fresh_days = forms.IntegerField(label=_("时效（天）"), min_value=1, max_value=800, initial=45)
    owner_id = forms.ChoiceField(label=_("填报单位"))

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner_id"].choices = units  # type: ignore[attr-defined]


class ReadingForm(forms.Form):
    """A value with its evidence."""

    since = forms.DateField(label=_("期间起"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    until = forms.DateField(label=_("期间止"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    value = forms.DecimalField(label=_("数值"), max_digits=16, decimal_places=4)
    evidence = forms.CharField(label=_("依据"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    file = forms.FileField(label=_("佐证文件"), required=False)
