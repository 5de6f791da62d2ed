"""Forms of clearance: appointments, presentation, opinions, tickets, the gate."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kouan.clearance.states import ReviewAct, TicketAct


class BookForm(forms.Form):
    """When and where the goods will be shown."""

    booked_for = forms.DateTimeField(
        label=_("预约时间"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    bay = forms.CharField(label=_("查验台"), max_length=40, required=False, help_text=_("由监管场所安排时可不填"))


class PresentForm(forms.Form):
    """Where the goods stand now."""

    bay = forms.CharField(label=_("查验台"), max_length=40, required=False)


class DoneForm(forms.Form):
    """What was seen on the spot."""

    note = forms.CharField(
        label=_("现场记录"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


REVIEW_ACTS = {
    ReviewAct.CLEAR: _("无意见"),
    ReviewAct.CLEAR_WITH_CONDITIONS: _("附条件同意"),
    ReviewAct.ASK: _("询问申报企业"),
    ReviewAct.RECEIVE_ANSWER: _("收到答复，继续办理"),
    ReviewAct.ORDER_INSPECTION: _("要求查验"),
    ReviewAct.OBJECT: _("有异议"),
    ReviewAct.REOPEN: _("重新办理"),
}


class ReviewForm(forms.Form):
    """An officer's opinion; the acts are those that fit the state."""

    act = forms.ChoiceField(label=_("办理"), widget=forms.RadioSelect)
    opinion = forms.CharField(
        label=_("意见"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("询问、附条件、要求查验和异议须写明内容"),
    )

    def __init__(self, *args: object, possible: list[ReviewAct], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["act"].choices = [(str(act), REVIEW_ACTS[act]) for act in possible]  # type: ignore[attr-defined]


class TicketForm(forms.Form):
    """A new coordination ticket."""

    question = forms.CharField(label=_("协调事项"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    party_ids = forms.MultipleChoiceField(label=_("协调单位"), widget=forms.CheckboxSelectMultiple)
    due_at = forms.DateTimeField(
        label=_("请于此前答复"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args: object, parties: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["party_ids"].choices = parties  # type: ignore[attr-defined]


TICKET_ACTS = {
    TicketAct.ANSWER: _("答复"),
    TicketAct.ASK_AGAIN: _("追问"),
    TicketAct.CLOSE: _("办结"),
    TicketAct.REOPEN: _("重新打开"),
}


class AnswerForm(forms.Form):
    """What is said in a ticket."""

    act = forms.ChoiceField(label=_("办理"), widget=forms.RadioSelect)
    text = forms.CharField(label=_("内容"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: object, possible: list[TicketAct], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["act"].choices = [(str(act), TICKET_ACTS[act]) for act in possible]  # type: ignore[attr-defined]


class GateForm(forms.Form):
    """A number at the gate."""

    number = forms.CharField(
        label=_("清单、运单、提运单、箱号或企业编号"),
        max_length=64,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )


class LeavingForm(forms.Form):
    """Goods that leave on a positive answer."""

    check_id = forms.UUIDField(widget=forms.HiddenInput)
    gate = forms.CharField(label=_("卡口"), max_length=40, required=False)
    vehicle_no = forms.CharField(label=_("车牌"), max_length=20, required=False)


class ArrivalForm(forms.Form):
    """Parcels that were taken in."""

    place_code = forms.ChoiceField(label=_("监管场所"))
    carrier_code = forms.CharField(label=_("物流企业代码"), max_length=18)
    bill_no = forms.CharField(label=_("提运单号"), max_length=37, required=False)
    container_no = forms.CharField(label=_("箱号"), max_length=15, required=False)
    location = forms.CharField(label=_("库位"), max_length=100, required=False)
    waybill_nos = forms.CharField(
        label=_("运单编号"),
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("每行一个，可从表格粘贴"),
    )

    def __init__(self, *args: object, places: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["place_code"].choices = places  # type: ignore[attr-defined]
