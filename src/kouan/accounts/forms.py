"""Forms of sign-in, organisations, people and delegations: they read what was typed; services judge it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kouan.accounts.codes import (
    DOCUMENT_KINDS,
    AgencyCode,
    AliasKind,
    DelegatedAct,
    Language,
    OrganisationKind,
    Role,
)
from kouan.accounts.oidc.flow import LONGEST_SUBJECT
from kouan.accounts.passwords import password_rules
from kouan.accounts.rules import Mistake, roles_for
from kouan.records.problems import Problem
from kouan.screens.formats import is_english


def day_input() -> forms.DateInput:
    """A field for a day, in the form that browsers read."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def say(problem: Problem) -> str:
    """A problem in the language of the page: what is wrong and how to mend it."""
    what, mend = (problem.en, problem.fix_en) if is_english() else (problem.zh, problem.fix_zh)
    return f"{what} {mend}".strip() if is_english() else f"{what}{mend}"


def show_mistake(form: forms.Form, mistake: Mistake) -> None:
    """Put a mistake at the field that it points at, or above the form."""
    pointer = mistake.problem.pointer
    form.add_error(pointer if pointer in form.fields else None, say(mistake.problem))


class SignInForm(forms.Form):
    """User name and password."""

    username = forms.CharField(
        label=_("用户名"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True, "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("口令"), max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class PasswordForm(forms.Form):
    """A new password for oneself."""

    present = forms.CharField(
        label=_("当前口令"), max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label=_("新口令"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("再次输入新口令"), max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = password_rules()
        words = [
            gettext("至少 %(length)s 位，含大写字母、小写字母、数字、符号中的 %(kinds)s 类，不能与用户名相近")
            % {"length": rules.length, "kinds": rules.kinds}
        ]
        if rules.history:
            words.append(gettext("不能与最近 %(n)s 次用过的相同") % {"n": rules.history})
        if rules.days:
            words.append(gettext("%(n)s 天后须再次修改") % {"n": rules.days})
        self.fields["new"].help_text = ("; " if is_english() else "；").join(words)

    def clean_again(self) -> str:
        """Refuse a second entry that differs."""
        if self.cleaned_data["again"] != self.cleaned_data.get("new"):
            raise forms.ValidationError(_("两次输入的新口令不一致。"))
        return self.cleaned_data["again"]


class ConfirmForm(forms.Form):
    """The own password once more."""

    password = forms.CharField(
        label=_("当前口令"), max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class SubjectForm(forms.Form):
    """By which identifier the provider knows a person."""

    subject = forms.CharField(
        label=_("统一认证标识"),
        max_length=LONGEST_SUBJECT,
        help_text=_("由统一身份认证的管理员提供，或见本人未关联时登录页面上的提示"),
    )


class LanguageForm(forms.Form):
    """The language in which a person reads."""

    language = forms.ChoiceField(label=_("界面语言"), choices=Language.choices)


class OrganisationForm(forms.Form):
    """An organisation; ``is_new`` asks for its Chinese name, which later changes only with a day."""

    name_zh = forms.CharField(label=_("单位名称"), max_length=120)
    name_en = forms.CharField(label=_("英文名称"), max_length=200, required=False)
    kinds = forms.MultipleChoiceField(
        label=_("单位类型"), choices=OrganisationKind.choices, widget=forms.CheckboxSelectMultiple
    )
    agency_code = forms.ChoiceField(
        label=_("所属机关"),
        choices=[("", "—"), *AgencyCode.choices],
        required=False,
        help_text=_("单位类型选“机关单位”时填写"),
    )
    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=24, required=False)
    customs_code = forms.CharField(label=_("海关注册编码"), max_length=16, required=False)
    dxp_id = forms.CharField(label=_("报文传输编号"), max_length=30, required=False)
    since = forms.DateField(label=_("启用日期"), widget=day_input())
    until = forms.DateField(
        label=_("停用日期"),
        widget=day_input(),
        required=False,
        help_text=_("自该日起不再使用"),
    )

    def __init__(self, *args: Any, is_new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_new:
            del self.fields["until"]
            self.fields["since"].initial = timezone.localdate
        else:
            del self.fields["name_zh"]


class RenameForm(forms.Form):
    """A new name from a day on."""

    name_zh = forms.CharField(label=_("新名称"), max_length=120)
    name_en = forms.CharField(label=_("英文名称"), max_length=200, required=False)
    on = forms.DateField(label=_("启用日期"), widget=day_input())


class AliasForm(forms.Form):
    """Another name of an organisation."""

    kind = forms.ChoiceField(label=_("类别"), choices=AliasKind.choices)
    name_zh = forms.CharField(label=_("名称"), max_length=120)
    name_en = forms.CharField(label=_("英文名称"), max_length=200, required=False)
    since = forms.DateField(label=_("启用日期"), widget=day_input(), required=False)
    until = forms.DateField(label=_("停用日期"), widget=day_input(), required=False)

    def clean_until(self) -> dt.date | None:
        """Refuse a name that ends before it began."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data["until"]
        if since and until and until <= since:
            raise forms.ValidationError(_("停用日期应晚于启用日期。"))
        return until


class UnitForm(forms.Form):
    """A department."""

    name_zh = forms.CharField(label=_("部门名称"), max_length=120)
    name_en = forms.CharField(label=_("英文名称"), max_length=200, required=False)
    parent = forms.ChoiceField(label=_("上级部门"), required=False)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = _choices_of(units)  # type: ignore[attr-defined]


class PersonForm(forms.Form):
    """A person; ``is_new`` asks for the user name, which never changes."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    username = forms.CharField(
        label=_("用户名"), max_length=60, help_text=_("小写字母、数字和 . _ @ -，建立后不可更改")
    )
    unit = forms.ChoiceField(label=_("部门"), required=False)

    def __init__(self, *args: Any, units: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = _choices_of(units)  # type: ignore[attr-defined]
        if not is_new:
            del self.fields["username"]


class RolesForm(forms.Form):
    """The roles of a person, among those that the organisation's people may have."""

    roles = forms.MultipleChoiceField(label=_("角色"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, kinds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fitting = roles_for(kinds)
        self.fields["roles"].choices = [(role.value, role.label) for role in Role if role in fitting]  # type: ignore[attr-defined]


class TermsForm(forms.Form):
    """The terms of a delegation: its agreement, what it covers, and until when."""

    agreement_no = forms.CharField(
        label=_("委托协议编号"), max_length=60, required=False, help_text=_("代理报关委托书／委托报关协议的编号")
    )
    scope = forms.MultipleChoiceField(
        label=_("委托范围"),
        choices=DOCUMENT_KINDS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不选即为全部单证"),
    )
    acts = forms.MultipleChoiceField(
        label=_("委托事项"),
        choices=DelegatedAct.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不选即为全部事项"),
    )
    until = forms.DateField(
        label=_("终止日期"),
        widget=day_input(),
        required=False,
        help_text=_("自该日起失效；不填即长期有效，可随时撤销"),
    )

    def clean_until(self) -> dt.datetime | None:
        """The first moment of that day in the office's time."""
        return _midnight(self.cleaned_data["until"])


class GrantForm(TermsForm):
    """The terms in which a client delegates, and from when on."""

    since = forms.DateField(label=_("生效日期"), widget=day_input(), required=False, help_text=_("不填即刻生效"))
    field_order = ("agreement_no", "scope", "acts", "since", "until")

    def clean_since(self) -> dt.datetime | None:
        """The first moment of that day in the office's time."""
        return _midnight(self.cleaned_data["since"])


class DelegationForm(GrantForm):
    """To whom a firm delegates, and its terms."""

    agent = forms.ChoiceField(label=_("受托报关企业"))
    field_order = ("agent", "agreement_no", "scope", "acts", "since", "until")

    def __init__(self, *args: Any, agents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agent"].choices = [("", "—"), *((str(agent.id), agent.name) for agent in agents)]  # type: ignore[attr-defined]


class AskForm(TermsForm):
    """Whom a broker asks for a delegation, by a code that the client gave it, and in which terms."""

    client = forms.CharField(
        label=_("委托方代码"), max_length=18, help_text=_("海关注册编码或统一社会信用代码，由委托方告知")
    )
    field_order = ("client", "agreement_no", "scope", "acts", "until")


class ReasonForm(forms.Form):
    """Why something is not agreed to."""

    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


def _midnight(day: dt.date | None) -> dt.datetime | None:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min)) if day else None


def _choices_of(units: Any) -> list[tuple[str, str]]:
    return [("", "—"), *((str(unit.id), str(unit)) for unit in units)]
