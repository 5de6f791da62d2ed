"""Forms of the settings of follow-up."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kouan.supervision.codes import (
    Tone,
)
from kouan.supervision.forms.fields import day


class RulesForm(forms.Form):
    """The settings of follow-up."""

    since = forms.DateField(label=_("启用日期"), widget=day())
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
