"""What is typed about keys."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class RetentionForm(forms.Form):
    """How long originals stay readable, and on what ground."""

    months = forms.IntegerField(
        label=_("保存月数"), min_value=1, max_value=1200, help_text=_("自当月结束起算；期满后可以销毁该月密钥")
    )
    since = forms.DateField(label=_("起始日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    ground = forms.CharField(
        label=_("依据"), max_length=300, help_text=_("本单位确定该期限所依据的规定或文件；系统不预设期限")
    )
