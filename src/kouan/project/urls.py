"""Every address: the health checks, the machine interface, and each app's own `urls.py`."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

from kouan.project import health
from kouan.project.api import PREFIX, api

urlpatterns = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path(PREFIX, api.urls),
    *(path("", include(f"{app}.urls")) for app in settings.KOUAN_APPS[1:] if find_spec(f"{app}.urls")),
]
