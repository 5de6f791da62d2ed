"""What is typed about keys, and before personal data is seen."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kouan.safekeeping.codes import Purpose


class RetentionForm(forms.Form):
    """How long originals stay readable, and on what ground."""

    months = forms.IntegerField(
        label=_("保存月数"), min_value=1, max_value=1200, help_text=_("自当月结束起算；期满后可以销毁该月密钥")
    )
    since = forms.DateField(label=_("起始日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    ground = forms.CharField(
        label=_("依据"), max_length=300, help_text=_("本单位确定该期限所依据的规定或文件；系统不预设期限")
    )


class PurposeForm(forms.Form):
    """For what personal data is looked at."""

    purpose = forms.ChoiceField(label=_("用途"), choices=Purpose.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("事由"), max_length=150, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明为哪件事查看；记入审计，不要写个人信息本身"),
    )  # fmt: skip
