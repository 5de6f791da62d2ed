"""Forms of the ledger: tasks, measures, evidence, time, and answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kouan.supervision.codes import (
    Frequency,
    TaskSource,
)
from kouan.supervision.forms.fields import Choices, UnitsForm, area, day


class TaskForm(UnitsForm):
    """A task entered by hand."""

    unit_fields = ("lead_id", "organisation_ids")
    source = forms.ChoiceField(
        label=_("来源"), choices=[each for each in TaskSource.choices if each[0] not in ("document", "meeting")]
    )
    source_label = forms.CharField(label=_("来源名称"), max_length=300, help_text=_("如来函文号、检查名称"))
    title = forms.CharField(label=_("事项"), max_length=300)
    text = forms.CharField(label=_("内容"), widget=area(3), max_length=10_000)
    measures = forms.CharField(
        label=_("举措"), widget=area(4), max_length=20_000, help_text=_("每行一项；行末可写日期，如：2027-06-30")
    )
    lead_id = forms.ChoiceField(label=_("牵头单位"), required=False)
    organisation_ids = forms.MultipleChoiceField(
        label=_("责任单位"), widget=forms.CheckboxSelectMultiple, required=False
    )
    frequency = forms.ChoiceField(label=_("报送周期"), choices=Frequency.choices, initial=Frequency.MONTHLY)
    result_form = forms.CharField(label=_("成果形式"), max_length=200, required=False)


class EvidenceForm(forms.Form):
    """What proves a measure."""

    title = forms.CharField(label=_("材料名称"), max_length=200)
    text = forms.CharField(label=_("说明"), widget=area(3), required=False, max_length=10_000)
    file = forms.FileField(label=_("文件"), required=False)


class VerdictForm(forms.Form):
    """What a second person says to evidence."""

    is_accepted = forms.ChoiceField(
        label=_("核验结果"), choices=[("yes", _("采信")), ("no", _("不采信"))], widget=forms.RadioSelect
    )
    verdict = forms.CharField(label=_("核验意见"), max_length=500, required=False, widget=area(3))


class ExtensionForm(forms.Form):
    """More time."""

    to_date = forms.DateField(label=_("申请延至"), widget=day())
    reason = forms.CharField(label=_("延期理由"), max_length=2000, widget=area(4), required=False)


class ExtensionDecisionForm(forms.Form):
    """What is said to a request for more time."""

    act = forms.ChoiceField(
        label=_("审批结果"), choices=[("grant", _("同意")), ("refuse", _("不同意"))], widget=forms.RadioSelect
    )
    decision = forms.CharField(label=_("审批意见"), max_length=500, required=False, widget=area(3))


class DeadlineForm(forms.Form):
    """A deadline where there is none."""

    due_date = forms.DateField(label=_("时限"), widget=day())


class NodeForm(forms.Form):
    """A step on the way."""

    title = forms.CharField(label=_("节点"), max_length=200)
    due_date = forms.DateField(label=_("时限"), widget=day())


class HandOverForm(UnitsForm):
    """Another unit."""

    unit_fields = ("to_id",)
    from_id = forms.ChoiceField(label=_("移出单位"))
    to_id = forms.ChoiceField(label=_("移入单位"))
    on_date = forms.DateField(label=_("移交日期"), widget=day())
    reason = forms.CharField(label=_("移交原因"), max_length=2000, widget=area(3), required=False)

    def __init__(self, *args: Any, current: Choices = (), **kwargs: Any) -> None:  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        self.fields["from_id"].choices = list(current)  # type: ignore[attr-defined]


class ResolveForm(UnitsForm):
    """Which organisation a name means."""

    unit_fields = ("organisation_id",)
    organisation_id = forms.ChoiceField(label=_("对应单位"))


class DepartmentForm(forms.Form):
    """Who within the unit."""

    department = forms.CharField(label=_("承办处室"), max_length=120)


class BindForm(forms.Form):
    """The indicator behind a target."""

    indicator_key = forms.ChoiceField(label=_("指标"), required=False)

    def __init__(self, *args: Any, indicators: Choices = (), **kwargs: Any) -> None:  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        self.fields["indicator_key"].choices = [("", _("不绑定")), *indicators]  # type: ignore[attr-defined]


class LetterForm(forms.Form):
    """A letter that goes out ahead of its day."""

    step = forms.ChoiceField(label=_("级次"))
    demand = forms.CharField(label=_("要求"), max_length=2000, widget=area(4))

    def __init__(self, *args: Any, steps: Choices = (), **kwargs: Any) -> None:  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = list(steps)  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """An answer to a letter."""

    answer = forms.CharField(label=_("答复"), max_length=5000, widget=area(5), required=False)
