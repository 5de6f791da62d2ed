"""The pages of the design language: search, looks, and the gallery of all pieces.

The project gives them their doors, since what guards doors stands above this app.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from kouan.screens import looks, private, search
from kouan.screens.gallery import pages as gallery

QUICK_HITS = 5


@require_POST
def search_to(request: HttpRequest) -> HttpResponse:
    """Lead on to a page with what was typed in its address; words that may name a person stand there sealed."""
    goal = request.POST.get("to", "")
    if not url_has_allowed_host_and_scheme(goal, {request.get_host()}, require_https=request.is_secure()):
        raise Http404
    asked = {name: values for name, values in request.POST.lists() if name not in ("to", "csrfmiddlewaretoken")}
    return HttpResponseRedirect(_address(goal, asked))


def _address(goal: str, asked: Mapping[str, Sequence[str]]) -> str:
    """Give the address of a page with what was asked, sealed where it may name a person; what is empty stays out."""
    query = QueryDict(mutable=True)
    for name, values in asked.items():
        if given := [value for value in values if value]:
            query.setlist(name, given)
    query = private.sealed(query, asked) or query
    return f"{goal}?{query.urlencode()}" if query else goal


@require_GET
def search_everything(request: HttpRequest) -> HttpResponse:
    """The page of all that is found."""
    if moved := private.sealed(request.GET, ["q"]):
        return HttpResponseRedirect(f"{request.path}?{moved.urlencode()}")
    return render(request, "screens/search.html", _found(request, request.GET, limit=None))


@require_POST
def search_quickly(request: HttpRequest) -> HttpResponse:
    """The list under the search box: the first few of each kind."""
    return render(request, "screens/parts/found.html", _found(request, request.POST, limit=QUICK_HITS))


def _found(request: HttpRequest, query: QueryDict, *, limit: int | None) -> dict:
    words = private.words_of(query, "q", longest=search.LONGEST_QUERY)
    return {
        "words": words,
        "all_url": _address(reverse("search"), {"q": [words.written]}),
        "is_short": len(words.text) < search.FEWEST_CHARACTERS,
        "answers": search.find_everything(request.user, words.text, limit=limit),
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
