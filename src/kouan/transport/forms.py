"""Forms of the port office: a supervision place as registered, and its end."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from kouan.transport.codes import GoodsKind, PlaceKind

LONGEST_GATE = 40


class PlaceForm(forms.Form):
    """What the office knows of a supervision place; ``since`` is the first day on which it is so."""

    code = forms.CharField(label=_("场所代码"), max_length=10, help_text=_("报文中的 loctNo，1 至 10 位字母或数字"))
    name_zh = forms.CharField(label=_("中文名称"), max_length=120)
    name_en = forms.CharField(label=_("英文名称"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("类型"), choices=PlaceKind.choices)
    port_code = forms.ChoiceField(label=_("所在口岸"), required=False)
    customs_code = forms.CharField(label=_("主管海关代码"), max_length=4)
    operator_id = forms.ChoiceField(label=_("运营单位"), required=False)
    goods_kinds = forms.MultipleChoiceField(
        label=_("可接收货物"), choices=GoodsKind.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    gates = forms.CharField(
        label=_("卡口"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("每行一个卡口"),
    )
    since = forms.DateField(label=_("启用日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    source = forms.CharField(label=_("登记依据"), max_length=400, required=False, help_text=_("如海关注册文书及编号"))

    def __init__(
        self,
        *args: Any,
        ports: list[tuple[str, str]],
        operators: list[tuple[str, str]],
        is_known: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        nothing = [("", _("未定"))]
        self.fields["port_code"].choices = nothing + ports  # type: ignore[attr-defined]
        self.fields["operator_id"].choices = nothing + operators  # type: ignore[attr-defined]
        self.fields["code"].disabled = is_known

    def clean_gates(self) -> list[str]:
        """The gates, one a line."""
        return [line.strip() for line in self.cleaned_data["gates"].splitlines() if line.strip()]

    def clean_operator_id(self) -> UUID | None:
        """The operator's identifier, or None."""
        value = self.cleaned_data["operator_id"]
        return UUID(value) if value else None


class EndForm(forms.Form):
    """The first day on which a place is no more."""

    until = forms.DateField(label=_("停用日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
