"""The application of the live line, for granian or any other ASGI server."""

import os
import signal

import django

from kouan.project.leash import follow_parent

if os.environ.get("KOUAN_SUPERVISED"):
    follow_parent(signal.SIGKILL)  # granian's workers do not outlive granian
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kouan.project.settings")
django.setup()

from kouan.notices.live import Live  # noqa: E402

application = Live()
