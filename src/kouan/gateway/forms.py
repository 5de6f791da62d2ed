"""Forms of the gateway."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kouan.gateway.services.counterpart import MOST_SECONDS

DECISIONS = {
    "120": _("120 逻辑校验通过"),
    "300": _("300 待人工审核"),
    "399": _("399 审核通过"),
    "500": _("500 布控查验"),
    "600": _("600 挂起"),
    "501": _("501 扣留移送通关"),
    "502": _("502 扣留移送缉私"),
    "503": _("503 扣留移送法规"),
    "599": _("599 其他扣留"),
    "505": _("505 移交"),
    "700": _("700 退运"),
    "4": _("4 发送海关失败"),
    "100": _("100 退单"),
    "800": _("800 放行"),
    "899": _("899 结关"),
}
"""What an officer of the played side may answer, in the order of the procedure."""


class DecisionForm(forms.Form):
    """An answer by hand of the played side."""

    status = forms.ChoiceField(label=_("回执状态"), choices=list(DECISIONS.items()))
    info = forms.CharField(label=_("回执信息"), max_length=400, required=False, help_text=_("不填则用演示文字"))


class BehaviourForm(forms.Form):
    """How the played side behaves."""

    mode = forms.ChoiceField(
        label=_("行为"),
        choices=[
            ("normal", _("正常：收存并按顺序答复")),
            ("silent", _("沉默：收存，不答复新报文")),
            ("down", _("停机：不收也不答")),
        ],
        widget=forms.RadioSelect,
    )
    seconds = forms.FloatField(label=_("每次答复间隔"), min_value=0, max_value=MOST_SECONDS)
