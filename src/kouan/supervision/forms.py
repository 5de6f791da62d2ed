"""Forms of supervision: documents and corrections, the ledger, reports, warnings, the conference."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kouan.supervision.codes import (
    AttendanceStatus,
    Frequency,
    InspectionKind,
    MeetingKind,
    SeatRole,
    TaskSource,
    Tone,
    UnitRole,
)

Choices = list[tuple[str, Any]]


def _area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _day() -> forms.DateInput:
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


class UploadForm(forms.Form):
    """A document as a file or as pasted text."""

    file = forms.FileField(label=_("文件"), required=False, help_text=_("txt、docx、pdf、html 或 md，不超过 20 MB"))
    text = forms.CharField(label=_("或粘贴全文"), required=False, widget=_area(12), max_length=2_000_000)


class HeadForm(forms.Form):
    """The head of a document."""

    number = forms.CharField(label=_("发文字号"), max_length=60, required=False)
    title = forms.CharField(label=_("标题"), max_length=300)
    issuer = forms.CharField(label=_("发文机关"), max_length=200, required=False)
    issued_date = forms.DateField(
        label=_("成文日期"), required=False, widget=_day(), help_text=_("单位名称按这一天有效的名称识别")
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

    date = forms.DateField(label=_("时限"), required=False, widget=_day(), help_text=_("留空表示文件没有规定时限"))


class DropForm(forms.Form):
    """That something was read wrongly."""

    drop = forms.BooleanField(label=_("不作为事项或举措入账"), initial=True, required=True)


class FigureFixForm(forms.Form):
    """A figure that a task aims at."""

    low = forms.DecimalField(label=_("下限"), required=False)
    high = forms.DecimalField(label=_("上限"), required=False)
    unit = forms.CharField(label=_("单位"), max_length=40, required=False)
    period = forms.ChoiceField(
        label=_("期间"),
        required=False,
        choices=[("", "—"), ("year", _("每年")), ("quarter", _("每季")), ("month", _("每月")), ("day", _("每日"))],
    )
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


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label=_("理由"), max_length=2000, widget=_area(3), required=False)


class TaskForm(UnitsForm):
    """A task entered by hand."""

    unit_fields = ("lead_id", "organisation_ids")
    source = forms.ChoiceField(
        label=_("来源"), choices=[each for each in TaskSource.choices if each[0] not in ("document", "meeting")]
    )
    source_label = forms.CharField(label=_("来源名称"), max_length=300, help_text=_("如来函文号、检查名称"))
    title = forms.CharField(label=_("事项"), max_length=300)
    text = forms.CharField(label=_("内容"), widget=_area(3), max_length=10_000)
    measures = forms.CharField(
        label=_("举措"), widget=_area(4), max_length=20_000, help_text=_("每行一项；行末可写日期，如：2027-06-30")
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
    text = forms.CharField(label=_("说明"), widget=_area(3), required=False, max_length=10_000)
    file = forms.FileField(label=_("文件"), required=False)


class VerdictForm(forms.Form):
    """What a second person says to evidence."""

    is_accepted = forms.ChoiceField(
        label=_("核验结果"), choices=[("yes", _("采信")), ("no", _("不采信"))], widget=forms.RadioSelect
    )
    verdict = forms.CharField(label=_("核验意见"), max_length=500, required=False, widget=_area(3))


class ExtensionForm(forms.Form):
    """More time."""

    to_date = forms.DateField(label=_("申请延至"), widget=_day())
    reason = forms.CharField(label=_("延期理由"), max_length=2000, widget=_area(4), required=False)


class ExtensionDecisionForm(forms.Form):
    """What is said to a request for more time."""

    act = forms.ChoiceField(
        label=_("审批结果"), choices=[("grant", _("同意")), ("refuse", _("不同意"))], widget=forms.RadioSelect
    )
    decision = forms.CharField(label=_("审批意见"), max_length=500, required=False, widget=_area(3))


class DeadlineForm(forms.Form):
    """A deadline where there is none."""

    due_date = forms.DateField(label=_("时限"), widget=_day())


class NodeForm(forms.Form):
    """A step on the way."""

    title = forms.CharField(label=_("节点"), max_length=200)
    due_date = forms.DateField(label=_("时限"), widget=_day())


class HandOverForm(UnitsForm):
    """Another unit."""

    unit_fields = ("to_id",)
    from_id = forms.ChoiceField(label=_("移出单位"))
    to_id = forms.ChoiceField(label=_("移入单位"))
    on_date = forms.DateField(label=_("移交日期"), widget=_day())
    reason = forms.CharField(label=_("移交原因"), max_length=2000, widget=_area(3), required=False)

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


class AnswerForm(forms.Form):
    """An answer to a letter."""

    answer = forms.CharField(label=_("答复"), max_length=5000, widget=_area(5), required=False)


class SeatForm(UnitsForm):
    """Who sits in the conference."""

    unit_fields = ("organisation_id",)
    organisation_id = forms.ChoiceField(label=_("单位"))
    role = forms.ChoiceField(label=_("职务"), choices=SeatRole.choices, initial=SeatRole.LIAISON)
    person_name = forms.CharField(label=_("姓名"), max_length=60)
    post = forms.CharField(label=_("本单位职务"), max_length=120, required=False)
    since_date = forms.DateField(label=_("任期起"), widget=_day())
    until_date = forms.DateField(label=_("任期止"), widget=_day(), required=False)


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


class TopicForm(forms.Form):
    """A topic with its paper."""

    title = forms.CharField(label=_("议题"), max_length=200)
    summary = forms.CharField(label=_("内容摘要"), widget=_area(4), max_length=5000)
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
    text = forms.CharField(label=_("议定事项"), widget=_area(4), max_length=5000)
    lead_id = forms.ChoiceField(label=_("牵头单位"))
    organisation_ids = forms.MultipleChoiceField(
        label=_("配合单位"), widget=forms.CheckboxSelectMultiple, required=False
    )
    due_date = forms.DateField(label=_("时限"), widget=_day(), required=False)
    needs_approval = forms.BooleanField(label=_("重要事项，须报市政府批准后实施"), required=False)

    def __init__(self, *args: Any, topics: Choices = (), **kwargs: Any) -> None:  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        self.fields["topic_id"].choices = [("", "—"), *topics]  # type: ignore[attr-defined]


class MinutesForm(forms.Form):
    """The opening of the minutes."""

    opening = forms.CharField(label=_("纪要导语"), widget=_area(5), max_length=5000)


class ResultForm(forms.Form):
    """What became of a decision."""

    result = forms.CharField(label=_("落实情况"), widget=_area(4), max_length=5000)


class ApprovalForm(forms.Form):
    """What the government said."""

    is_approved = forms.ChoiceField(
        label=_("报批结果"), choices=[("yes", _("批准")), ("no", _("未批准"))], widget=forms.RadioSelect
    )
    approval = forms.CharField(label=_("批示或文号"), max_length=300)


class InspectionForm(UnitsForm):
    """The designation of a formal inspection."""

    unit_fields = ("subject_ids",)
    title = forms.CharField(label=_("督查名称"), max_length=200)
    kind = forms.ChoiceField(label=_("督查类型"), choices=InspectionKind.choices)
    designated_by = forms.CharField(label=_("指定机关"), max_length=120, required=False)
    designation_no = forms.CharField(label=_("指定文号"), max_length=60, required=False)
    designated_date = forms.DateField(label=_("指定日期"), widget=_day())
    matter = forms.CharField(label=_("督查事项"), widget=_area(3), max_length=5000)
    scope = forms.CharField(label=_("督查范围"), widget=_area(3), max_length=5000)
    since = forms.DateField(label=_("期限起"), widget=_day())
    until = forms.DateField(label=_("期限止"), widget=_day())
    subject_ids = forms.MultipleChoiceField(label=_("督查对象"), widget=forms.CheckboxSelectMultiple)


class TextForm(forms.Form):
    """One text: a plan, a conclusion, a position, an outcome."""

    text = forms.CharField(label=_("内容"), widget=_area(6), max_length=20_000, required=False)


class InspectionPlanForm(forms.Form):
    """The plan of a formal inspection."""

    plan = forms.CharField(label=_("督查方案"), widget=_area(6), max_length=20_000, required=False)
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
        label=_("举措"), widget=_area(4), max_length=20_000, help_text=_("每行一项；行末可写日期，如：2027-06-30")
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
    """A question on which units disagree."""

    unit_fields = ("party_ids",)
    title = forms.CharField(label=_("协调事项"), max_length=200)
    question = forms.CharField(label=_("分歧"), widget=_area(4), max_length=10_000)
    party_ids = forms.MultipleChoiceField(label=_("有关单位"), widget=forms.CheckboxSelectMultiple)
    due_date = forms.DateField(label=_("协调时限"), widget=_day(), required=False)


class JointInspectionForm(UnitsForm):
    """A look that members take together."""

    unit_fields = ("inspector_ids", "subject_ids")
    title = forms.CharField(label=_("检查名称"), max_length=200)
    on_date = forms.DateField(label=_("检查日期"), widget=_day())
    matter = forms.CharField(label=_("检查内容"), widget=_area(3), max_length=10_000)
    inspector_ids = forms.MultipleChoiceField(label=_("参加单位"), widget=forms.CheckboxSelectMultiple)
    subject_ids = forms.MultipleChoiceField(label=_("受检单位"), widget=forms.CheckboxSelectMultiple)


class FindingsForm(forms.Form):
    """What a joint inspection found."""

    findings = forms.CharField(label=_("检查情况"), widget=_area(5), max_length=20_000, required=False)
    measures = forms.CharField(
        label=_("整改举措"),
        widget=_area(4),
        max_length=20_000,
        required=False,
        help_text=_("每行一项；行末可写日期，如：2027-06-30"),
    )


class RulesForm(forms.Form):
    """The settings of follow-up."""

    since = forms.DateField(label=_("启用日期"), widget=_day())
    reason = forms.CharField(label=_("依据"), max_length=300, required=False)
    report_day = forms.IntegerField(label=_("每月、每季报送日"), min_value=1, max_value=31)
    report_weekday = forms.IntegerField(label=_("每周报送日（1 为周一）"), min_value=1, max_value=7)
    tolerance_percent = forms.IntegerField(label=_("进度容差（百分点）"), min_value=0, max_value=50)
    behind_tone = forms.ChoiceField(label=_("滞后的颜色"), choices=Tone.choices)
    behind_word = forms.CharField(label=_("滞后的名称"), max_length=20)
    behind_word_en = forms.CharField(label=_("滞后的英文名称"), max_length=40)
    plenary_a_year = forms.IntegerField(label=_("全体会议每年次数"), min_value=1, max_value=12)
    liaison_first = forms.BooleanField(label=_("全体会议前先开联络员会议"), required=False)


class StepForm(forms.Form):
    """One step of warning."""

    key = forms.SlugField(label=_("标识"), max_length=20)
    tone = forms.ChoiceField(label=_("颜色"), choices=Tone.choices)
    word = forms.CharField(label=_("名称"), max_length=20)
    word_en = forms.CharField(label=_("英文名称"), max_length=40)
    after_days = forms.IntegerField(label=_("时限后天数"), min_value=-90, max_value=365)
    answer_days = forms.IntegerField(label=_("答复天数"), min_value=1, max_value=60)


StepFormSet = forms.formset_factory(StepForm, extra=0, min_num=1, max_num=6, validate_min=True)
