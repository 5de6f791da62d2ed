"""The project itself as an app: its management commands and health checks."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The top of the house."""

    name = "kouan.project"
    label = "project"
