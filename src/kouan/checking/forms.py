"""The form of a firm's rule."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kouan.checking.codes import CheckChoices, CheckedKind


class RuleForm(forms.Form):
    """What has to be checked, and who may check."""

    kinds = forms.MultipleChoiceField(
        label=_("须复核的单证"),
        choices=CheckedKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("勾选后，未经另一人复核的不能发送或签名；表格批量制单同样适用"),
    )
    holds_machine = forms.BooleanField(
        label=_("本单位系统经接口、文件夹报送的报关单也须复核"),
        required=False,
        help_text=_(
            "默认不须：报送系统自有复核。勾选后，这类报关单进入待办队列，复核通过才入库发送，结果随校验结果回复报送系统；"
            "经接口报送的进口清单及三单即时入库，不在此复核"
        ),
    )
    checkers = forms.MultipleChoiceField(
        label=_("复核人"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("可以兼任制单，但不能复核自己制作或最后修改的单证"),
    )

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["checkers"].choices = [(str(one.pk), one.name) for one in people]  # type: ignore[attr-defined]


class BounceForm(forms.Form):
    """Why a draft is given back, and at which field."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    stands = forms.ChoiceField(choices=CheckChoices.choices, widget=forms.HiddenInput)
    pointer = forms.CharField(required=False, max_length=80)
    reason = forms.CharField(label=_("退回理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
