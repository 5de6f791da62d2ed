"""The public tracking page: stage and whose turn it is, by number and check value."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kouan.accounts.access import public_door
from kouan.accounts.sessions import client_address
from kouan.notices.forms import TrackingForm
from kouan.notices.services.tracking import ThereAreTooManyLooks, track


@never_cache
@require_safe
@public_door(
    reason="持回执者凭编号和校验码查询进度，不含个人信息 / whoever holds a paper looks up its stage; no personal data"
)
def show_stage(request: HttpRequest) -> HttpResponse:
    """Show the stage of a case to whoever knows its number and its check value."""
    is_asked = "number" in request.GET
    form = TrackingForm(request.GET if is_asked else None)
    context, status = {"form": form, "tracked": None, "problem": None, "is_missing": False, "at": timezone.now()}, 200
    if is_asked and form.is_valid():
        try:
            context["tracked"] = track(address=client_address(request), at=timezone.now(), **form.cleaned_data)
            context["is_missing"] = context["tracked"] is None
        except ThereAreTooManyLooks as mistake:
            context["problem"], status = mistake.problem, 429
    response = render(request, "notices/track.html", context, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
