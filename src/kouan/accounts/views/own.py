"""A person's own page: who one is here, the password, the language."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from kouan.accounts import selectors, services
from kouan.accounts.access import PersonRequest, door
from kouan.accounts.forms import PasswordForm, show_mistake
from kouan.accounts.oidc.provider import the_provider
from kouan.accounts.rules import Mistake
from kouan.screens.pieces import Crumb


@door(first_step=True)
@require_GET
def show_own_page(request: PersonRequest) -> HttpResponse:
    """Name, organisation, roles, for whom one may act, and what one did last."""
    at = timezone.now()
    provider = the_provider()
    context = {
        "person": request.user,
        "provider": provider,
        "identity": selectors.find_identity(user_id=request.user.pk, issuer=provider.issuer) if provider else None,
        "clients": selectors.organisations_actable_by(request.user, at=at)[1:],
        "colleagues_count": selectors.list_people(user=request.user, of=request.user.organisation_id).count(),
        "acts": selectors.list_own_acts(user=request.user),
        "at": at,
    }
    return render(request, "accounts/own_page.html", context)


@door(first_step=True)
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_own_password(request: PersonRequest) -> HttpResponse:
    """Change one's own password; other sessions of the person end."""
    form = PasswordForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                person = services.change_password(
                    user=request.user, at=timezone.now(), present=given["present"], new=given["new"]
                )
            except Mistake as mistake:
                show_mistake(form, mistake)
            else:
                update_session_auth_hash(request, person)
                messages.success(request, _("口令已修改，其他设备上的登录已失效。"))
                return redirect("own-page")
    context = {
        "form": form,
        "is_first": request.user.must_change_password,
        "must": request.user.has_to_change_password,
        "submit_label": _("修改口令"),
        "back_url": "" if request.user.has_to_change_password else reverse("own-page"),
        "crumbs": [Crumb(_("个人设置"), reverse("own-page"))],
    }
    return render(request, "accounts/own_password.html", context, status=status)
