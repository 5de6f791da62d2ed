"""The web application, for granian or any other WSGI server."""

import os
import signal

from django.core.wsgi import get_wsgi_application

from kouan.project.leash import follow_parent

if os.environ.get("KOUAN_SUPERVISED"):
    follow_parent(signal.SIGKILL)  # granian's workers do not outlive granian
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kouan.project.settings")

application = get_wsgi_application()
