"""The page of the interface for machines: its description, readable and callable, in the frame."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kouan.project.api import api


@require_GET
def show_interface(request: HttpRequest) -> HttpResponse:
    """Show every operation with its examples; a call that is tried out bears the token that the reader gives."""
    described = api.get_openapi_schema()
    count = sum(len(operations) for operations in described["paths"].values())
    return render(request, "project/interface.html", {"count": count})
