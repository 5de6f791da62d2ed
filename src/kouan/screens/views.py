"""The pages of the design language: search, looks, and the gallery of all pieces.

The project gives them their doors, since what guards doors stands above this app.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from kouan.screens import looks, search
from kouan.screens.gallery import pages as gallery

QUICK_HITS = 5


@require_GET
def search_everything(request: HttpRequest) -> HttpResponse:
    """The page of all that is found."""
    return render(request, "screens/search.html", _found(request, limit=None))


@require_GET
def search_quickly(request: HttpRequest) -> HttpResponse:
    """The list under the search box: the first few of each kind."""
    return render(request, "screens/parts/found.html", _found(request, limit=QUICK_HITS))


def _found(request: HttpRequest, *, limit: int | None) -> dict:
    q = " ".join(request.GET.get("q", "").replace("\x00", "").split())[: search.LONGEST_QUERY]
    return {
        "q": q,
        "is_short": len(q) < search.FEWEST_CHARACTERS,
        "answers": search.find_everything(request.user, q, limit=limit),
    }


@require_POST
def set_look(request: HttpRequest) -> HttpResponse:
    """Keep one setting of the look in a cookie, and go back."""
    name, value = request.POST.get("name", ""), request.POST.get("value", "")
    if value not in looks.LOOKS.get(name, ()):
        raise Http404
    goal = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(goal, {request.get_host()}, require_https=request.is_secure()):
        goal = "/"
    response = HttpResponseRedirect(goal)
    response.set_cookie(looks.cookie_of(name), value, max_age=looks.COOKIE_SECONDS, samesite="Lax")
    return response


@require_GET
def show_gallery(request: HttpRequest, page: str = "pieces") -> HttpResponseBase:
    """Every piece of the design language in every state. For a demonstration and for administrators."""
    if not gallery.may_see(request.user) or page not in gallery.PAGES:
        raise Http404
    return gallery.PAGES[page](request)
