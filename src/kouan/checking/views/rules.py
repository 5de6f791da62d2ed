"""The page of a firm's rule: what has to be checked before it leaves, and who may check."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kouan.accounts.access import PersonRequest, door
from kouan.accounts.codes import Role
from kouan.accounts.forms import show_mistake
from kouan.accounts.rules import Mistake
from kouan.checking import selectors
from kouan.checking.forms import RuleForm
from kouan.checking.services.ruling import set_rule


@door(roles=[Role.FIRM_MANAGER])
@require_http_methods(["GET", "HEAD", "POST"])
def edit_rule(request: PersonRequest) -> HttpResponse:
    """Set the rule of one's own firm."""
    user = request.user
    rule = selectors.get_rule(user.organisation_id)
    people = selectors.people_to_choose(user.organisation_id, user)
    checkers = [str(one) for one in rule.checker_ids] if rule else []
    initial = {"kinds": rule.kinds, "holds_machine": rule.holds_machine, "checkers": checkers} if rule else {}
    form = RuleForm(request.POST or None, initial=initial, people=people)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            set_rule(
                actor=user, organisation_id=user.organisation_id, kinds=given["kinds"],
                holds_machine=given["holds_machine"],
                checker_ids=[UUID(one) for one in given["checkers"]], at=timezone.now(),
            )  # fmt: skip
        except Mistake as mistake:
            show_mistake(form, mistake)
        else:
            messages.success(request, _("已保存，立即生效。"))
            return redirect("check-rule")
    context = {
        "form": form,
        "title": _("复核设置"),
        "about": _("%(firm)s：哪些单证须由另一人复核后才能发送或签名，由谁复核") % {"firm": user.organisation.name},
        "submit_label": _("保存"),
        "changed_at": rule.changed_at if rule else None,
    }
    return render(request, "checking/rule.html", context, status=422 if form.errors else 200)
