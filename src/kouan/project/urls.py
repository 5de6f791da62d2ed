"""Every address: the health checks, the machine interface, and each app's own `urls.py`."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

from kouan.accounts.access import door, public_door
from kouan.project import health, interface
from kouan.project.api import PREFIX, api
from kouan.screens import views as screens

handler400 = "kouan.screens.errors.bad_request"
handler403 = "kouan.screens.errors.permission_denied"
handler404 = "kouan.screens.errors.page_not_found"
handler500 = "kouan.screens.errors.server_error"

# The pages of the design language stand below accounts, which guards doors: they get their doors here.
looks_are_free = public_door(reason="只在本人的浏览器里保存明暗和疏密，登录前也要能用")
screens_pages = [
    path("search", door()(screens.search_everything), name="search"),
    path("search/to", door()(screens.search_to), name="search-to"),
    path("search/quick", door()(screens.search_quickly), name="search-quick"),
    path("looks", looks_are_free(screens.set_look), name="looks"),
    path("design/", door()(screens.show_gallery), name="design"),
    path("design/<slug:page>", door()(screens.show_gallery), name="design-page"),
]

urlpatterns = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path(PREFIX, api.urls),
    path("interface/", door()(interface.show_interface), name="interface"),
    *screens_pages,
    *(path("", include(f"{app}.urls")) for app in settings.KOUAN_APPS[1:] if find_spec(f"{app}.urls")),
]
