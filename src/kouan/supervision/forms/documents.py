"""Forms of documents and of the corrections to what was read."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kouan.supervision.codes import (
    Frequency,
    UnitRole,
)
from kouan.supervision.forms.fields import Choices, UnitsForm, area, day

PERIODS: Choices = [("", "—"), ("year", _("每年")), ("quarter", _("每季")), ("month", _("每月")), ("day", _("每日"))]


class UploadForm(forms.Form):
    """A document as a file or as pasted text."""

    file = forms.FileField(label=_("文件"), required=False, help_text=_("txt、docx、pdf、html 或 md，不超过 20 MB"))
    text = forms.CharField(label=_("或粘贴全文"), required=False, widget=area(12), max_length=2_000_000)


class HeadForm(forms.Form):
    """The head of a document."""

    number = forms.CharField(label=_("发文字号"), max_length=60, required=False)
    title = forms.CharField(label=_("标题"), max_length=300)
    issuer = forms.CharField(label=_("发文机关"), max_length=200, required=False)
    issued_date = forms.DateField(
        label=_("成文日期"), required=False, widget=day(), help_text=_("单位名称按这一天有效的名称识别")
    )


class UnitFixForm(UnitsForm):
    """A unit that was read: its role, the organisation that it means, or that it is none."""

    unit_fields = ("organisation_id",)
    role = forms.ChoiceField(label=_("角色"), choices=UnitRole.choices)
    organisation_id = forms.ChoiceField(label=_("对应单位"), required=False, help_text=_("不选则按名录识别"))
    drop = forms.BooleanField(label=_("这不是责任单位"), required=False)


class NewUnitForm(UnitsForm):
    """A unit that was not read."""

    unit_fields = ("organisation_id",)
    organisation_id = forms.ChoiceField(label=_("单位"))
    role = forms.ChoiceField(label=_("角色"), choices=UnitRole.choices, initial=UnitRole.RESPONSIBLE)


class TitleFixForm(forms.Form):
    """The title of a task."""

    title = forms.CharField(label=_("事项名称"), max_length=300)


class DueFixForm(forms.Form):
    """The deadline of a measure; empty for none."""

    date = forms.DateField(label=_("时限"), required=False, widget=day(), help_text=_("留空表示文件没有规定时限"))


class DropForm(forms.Form):
    """That something was read wrongly."""

    drop = forms.BooleanField(label=_("不作为事项或举措入账"), initial=True, required=True)


class FigureFixForm(forms.Form):
    """A figure that a task aims at."""

    low = forms.DecimalField(label=_("下限"), required=False)
    high = forms.DecimalField(label=_("上限"), required=False)
    unit = forms.CharField(label=_("单位"), max_length=40, required=False)
    period = forms.ChoiceField(label=_("期间"), required=False, choices=PERIODS)
    drop = forms.BooleanField(label=_("这不是目标值"), required=False)


class ConfirmForm(forms.Form):
    """How a document goes into the ledger."""

    lead_by_order = forms.BooleanField(
        label=_("未注明牵头的，以排在首位的单位为牵头单位"),
        required=False,
        initial=True,
        help_text=_("这是惯例，文件本身没有说；不勾选则不设牵头单位"),
    )
    frequency = forms.ChoiceField(label=_("报送周期"), choices=Frequency.choices, initial=Frequency.MONTHLY)
