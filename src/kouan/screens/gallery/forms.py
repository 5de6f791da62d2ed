"""The gallery's forms: every kind of field."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SampleForm(forms.Form):
    """The head of an import list, as far as it shows every kind of field."""

    number = forms.CharField(label=_("企业内部编号"), max_length=64, help_text=_("本企业内不得重复"))
    buyer = forms.CharField(label=_("订购人姓名"), max_length=60)
    country = forms.CharField(label=_("起运国（地区）"), max_length=3)
    transport = forms.ChoiceField(
        label=_("运输方式"),
        choices=[
            ("2", _("2 水路运输")),
            ("3", _("3 铁路运输")),
            ("5", _("5 航空运输")),
        ],
    )
    weight = forms.DecimalField(label=_("毛重"), max_digits=19, decimal_places=5)
    arrived = forms.DateField(label=_("进口日期"), widget=forms.DateInput(attrs={"type": "date"}))
    remark = forms.CharField(label=_("备注"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    kind = forms.ChoiceField(
        label=_("申报类型"),
        choices=[("1", _("新增")), ("2", _("变更")), ("3", _("删除"))],
        widget=forms.RadioSelect,
        initial="1",
    )
    is_sure = forms.BooleanField(label=_("我确认以上内容属实，并承担申报责任"))


class SampleLine(forms.Form):
    """A goods line of the sample form."""

    code = forms.CharField(label=_("商品编码"), max_length=10)
    name = forms.CharField(label=_("品名"), max_length=250)
    count = forms.DecimalField(label=_("数量"))
    price = forms.DecimalField(label=_("单价"))


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("事由"), widget=forms.Textarea(attrs={"rows": 3}))
