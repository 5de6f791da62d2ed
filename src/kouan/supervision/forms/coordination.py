"""Forms of priorities, disagreements and inspections."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kouan.supervision.codes import (
    InspectionKind,
)
from kouan.supervision.forms.fields import Choices, UnitsForm, area, day


class InspectionForm(UnitsForm):
    """The designation of a formal inspection."""

    unit_fields = ("subject_ids",)
    title = forms.CharField(label=_("督查名称"), max_length=200)
    kind = forms.ChoiceField(label=_("督查类型"), choices=InspectionKind.choices)
    designated_by = forms.CharField(label=_("指定机关"), max_length=120, required=False)
    designation_no = forms.CharField(label=_("指定文号"), max_length=60, required=False)
    designated_date = forms.DateField(label=_("指定日期"), widget=day())
    matter = forms.CharField(label=_("督查事项"), widget=area(3), max_length=5000)
    scope = forms.CharField(label=_("督查范围"), widget=area(3), max_length=5000)
    since = forms.DateField(label=_("期限起"), widget=day())
    until = forms.DateField(label=_("期限止"), widget=day())
    subject_ids = forms.MultipleChoiceField(label=_("督查对象"), widget=forms.CheckboxSelectMultiple)


class TextForm(forms.Form):
    """One text: a plan, a conclusion, a position, an outcome."""

    text = forms.CharField(label=_("内容"), widget=area(6), max_length=20_000, required=False)


class InspectionPlanForm(forms.Form):
    """The plan of a formal inspection."""

    plan = forms.CharField(label=_("督查方案"), widget=area(6), max_length=20_000, required=False)
    leader = forms.CharField(label=_("督查组组长"), max_length=60, required=False)


class PlanForm(forms.Form):
    """The priorities of a year."""

    year = forms.IntegerField(label=_("年度"), min_value=2018, max_value=2100)
    title = forms.CharField(label=_("名称"), max_length=200)


class PriorityForm(UnitsForm):
    """One priority of a year."""

    unit_fields = ("lead_id", "organisation_ids")
    title = forms.CharField(label=_("事项"), max_length=300)
    measures = forms.CharField(
        label=_("举措"), widget=area(4), max_length=20_000, help_text=_("每行一项；行末可写日期，如：2027-06-30")
    )
    lead_id = forms.ChoiceField(label=_("牵头单位"))
    organisation_ids = forms.MultipleChoiceField(
        label=_("责任单位"), widget=forms.CheckboxSelectMultiple, required=False
    )


class ChooseMeetingForm(forms.Form):
    """The meeting that adopted something."""

    meeting_id = forms.ChoiceField(label=_("会议"))

    def __init__(self, *args: Any, meetings: Choices = (), **kwargs: Any) -> None:  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        self.fields["meeting_id"].choices = list(meetings)  # type: ignore[attr-defined]


class CoordinationForm(UnitsForm):
    """A question on which units disagree, and what it arose from."""

    unit_fields = ("party_ids",)
    conference_id = forms.ChoiceField(label=_("联席会议"))
    title = forms.CharField(label=_("协调事项"), max_length=200)
    question = forms.CharField(label=_("分歧"), widget=area(4), max_length=10_000)
    party_ids = forms.MultipleChoiceField(label=_("有关单位"), widget=forms.CheckboxSelectMultiple)
    due_date = forms.DateField(label=_("协调时限"), widget=day(), required=False)
    task_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    ticket_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    case_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, conferences: Choices = (), **kwargs: Any) -> None:  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        self.fields["conference_id"].choices = list(conferences)  # type: ignore[attr-defined]


class JointInspectionForm(UnitsForm):
    """A look that members take together."""

    unit_fields = ("inspector_ids", "subject_ids")
    title = forms.CharField(label=_("检查名称"), max_length=200)
    on_date = forms.DateField(label=_("检查日期"), widget=day())
    matter = forms.CharField(label=_("检查内容"), widget=area(3), max_length=10_000)
    inspector_ids = forms.MultipleChoiceField(label=_("参加单位"), widget=forms.CheckboxSelectMultiple)
    subject_ids = forms.MultipleChoiceField(label=_("受检单位"), widget=forms.CheckboxSelectMultiple)


class FindingsForm(forms.Form):
    """What a joint inspection found."""

    findings = forms.CharField(label=_("检查情况"), widget=area(5), max_length=20_000, required=False)
    measures = forms.CharField(
        label=_("整改举措"),
        widget=area(4),
        max_length=20_000,
        required=False,
        help_text=_("每行一项；行末可写日期，如：2027-06-30"),
    )
