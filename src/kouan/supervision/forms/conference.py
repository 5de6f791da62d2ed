"""Forms of the joint conference: seats, topics, meetings, decisions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kouan.supervision.codes import (
    AttendanceStatus,
    MeetingKind,
    SeatRole,
)
from kouan.supervision.forms.fields import Choices, UnitsForm, area, day


class SeatForm(UnitsForm):
    """Who sits in the conference."""

    unit_fields = ("organisation_id",)
    organisation_id = forms.ChoiceField(label=_("单位"))
    role = forms.ChoiceField(label=_("职务"), choices=SeatRole.choices, initial=SeatRole.LIAISON)
    person_name = forms.CharField(label=_("姓名"), max_length=60)
    post = forms.CharField(label=_("本单位职务"), max_length=120, required=False)
    since_date = forms.DateField(label=_("任期起"), widget=day())
    until_date = forms.DateField(label=_("任期止"), widget=day(), required=False)


class MeetingForm(forms.Form):
    """A meeting."""

    kind = forms.ChoiceField(label=_("会议类型"), choices=MeetingKind.choices)
    title = forms.CharField(label=_("会议名称"), max_length=200)
    begins_at = forms.DateTimeField(
        label=_("会议时间"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    place = forms.CharField(label=_("地点"), max_length=120, required=False)
    chair = forms.CharField(label=_("主持人"), max_length=120, required=False)
    chair_by_delegation = forms.BooleanField(label=_("受召集人委托主持"), required=False)
    prepares_id = forms.ChoiceField(label=_("为哪次会议准备"), required=False, help_text=_("联络员会议填写"))

    def __init__(self, *args: Any, meetings: Choices = (), **kwargs: Any) -> None:  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        self.fields["prepares_id"].choices = [("", "—"), *meetings]  # type: ignore[attr-defined]


class MeetingChangeForm(forms.Form):
    """When, where and under whom a meeting is held."""

    title = forms.CharField(label=_("会议名称"), max_length=200)
    begins_at = forms.DateTimeField(
        label=_("会议时间"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    place = forms.CharField(label=_("地点"), max_length=120, required=False)
    chair = forms.CharField(label=_("主持人"), max_length=120, required=False)
    chair_by_delegation = forms.BooleanField(label=_("受召集人委托主持"), required=False)


class DiscussionForm(forms.Form):
    """What was said about a topic."""

    text = forms.CharField(
        label=_("审议情况"), widget=area(5), max_length=10_000, required=False, help_text=_("写入纪要，在议定事项之前")
    )


class TopicForm(forms.Form):
    """A topic with its paper."""

    title = forms.CharField(label=_("议题"), max_length=200)
    summary = forms.CharField(label=_("内容摘要"), widget=area(4), max_length=5000)
    file = forms.FileField(label=_("会议材料"), required=False)


class PlaceTopicForm(forms.Form):
    """Which topic goes on the agenda."""

    topic_id = forms.ChoiceField(label=_("议题"))

    def __init__(self, *args: Any, topics: Choices = (), **kwargs: Any) -> None:  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        self.fields["topic_id"].choices = list(topics)  # type: ignore[attr-defined]


class AttendanceForm(forms.Form):
    """Who attends for a unit."""

    status = forms.ChoiceField(label=_("出席情况"), choices=AttendanceStatus.choices)
    person_name = forms.CharField(label=_("出席人"), max_length=60, required=False)
    post = forms.CharField(label=_("职务"), max_length=120, required=False)
    delegated_by = forms.CharField(label=_("委托人"), max_length=60, required=False)


class DecisionForm(UnitsForm):
    """What a meeting decided."""

    unit_fields = ("lead_id", "organisation_ids")
    topic_id = forms.ChoiceField(label=_("议题"), required=False)
    text = forms.CharField(label=_("议定事项"), widget=area(4), max_length=5000)
    lead_id = forms.ChoiceField(label=_("牵头单位"))
    organisation_ids = forms.MultipleChoiceField(
        label=_("配合单位"), widget=forms.CheckboxSelectMultiple, required=False
    )
    due_date = forms.DateField(label=_("时限"), widget=day(), required=False)
    needs_approval = forms.BooleanField(label=_("重要事项，须报市政府批准后实施"), required=False)

    def __init__(self, *args: Any, topics: Choices = (), **kwargs: Any) -> None:  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        self.fields["topic_id"].choices = [("", "—"), *topics]  # type: ignore[attr-defined]


class MinutesForm(forms.Form):
    """The opening of the minutes."""

    opening = forms.CharField(label=_("纪要导语"), widget=area(5), max_length=5000)


class ResultForm(forms.Form):
    """What became of a decision."""

    result = forms.CharField(label=_("落实情况"), widget=area(4), max_length=5000)


class ApprovalForm(forms.Form):
    """What the government said."""

    is_approved = forms.ChoiceField(
        label=_("报批结果"), choices=[("yes", _("批准")), ("no", _("未批准"))], widget=forms.RadioSelect
    )
    approval = forms.CharField(label=_("批示或文号"), max_length=300)
