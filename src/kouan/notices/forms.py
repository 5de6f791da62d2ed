"""Forms of notices: what to be told, where mail goes, and endpoints."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kouan.notices.codes import Pace, Scope
from kouan.notices.topics import list_topics


def grouped_topics() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """Give the topics under the words of their groups."""
    groups: dict[str, tuple[Any, list[tuple[str, Any]]]] = {}
    for topic in list_topics():
        groups.setdefault(str(topic.group), (topic.group, []))[1].append((topic.key, topic.word))
    return list(groups.values())


class _TopicsForm(forms.Form):
    topics = forms.MultipleChoiceField(
        label=_("通知事项"), required=False, widget=forms.CheckboxSelectMultiple, choices=grouped_topics
    )
    scope = forms.ChoiceField(label=_("办件范围"), choices=Scope.choices, widget=forms.RadioSelect)

    def topic_groups(self) -> list[tuple[Any, list[tuple[str, Any, bool]]]]:
        """Give the topics under the words of their groups, each with whether it is chosen."""
        chosen = set(self["topics"].value() or ())
        return [(group, [(key, word, key in chosen) for key, word in some]) for group, some in grouped_topics()]


class ChoiceForm(_TopicsForm):
    """What to be told, of which cases."""


class MailForm(forms.Form):
    """Where mail goes, and how often."""

    address = forms.EmailField(
        label=_("电子邮箱"),
        max_length=200,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("新邮箱须点击确认邮件中的链接后才会收到通知"),
    )
    pace = forms.ChoiceField(label=_("邮件频次"), choices=Pace.choices, widget=forms.RadioSelect)


class EndpointForm(_TopicsForm):
    """An endpoint: its name, its address, and what is posted there."""

    name = forms.CharField(label=_("名称"), max_length=60)
    url = forms.CharField(
        label=_("推送地址"),
        max_length=400,
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://", "autocomplete": "off"}),
        help_text=_("本单位系统接收事件的地址，须为 https，不能指向内部网络"),
    )
    scope = forms.ChoiceField(
        label=_("办件范围"),
        choices=[(Scope.ALL, Scope.ALL.label), (Scope.DECLARED, Scope.DECLARED.label)],
        widget=forms.RadioSelect,
        initial=Scope.ALL,
    )
    field_order = ["name", "url", "topics", "scope"]


class TrackingForm(forms.Form):
    """Number and check value, as they stand on the paper."""

    number = forms.CharField(
        label=_("清单编号、企业内部编号或运单编号"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    check = forms.CharField(
        label=_("校验码"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=_("印在回执上的 8 位字母数字，不分大小写"),
    )
