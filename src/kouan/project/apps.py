"""The project itself as an app: its management commands and health checks."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The top of the house."""

    name = "kouan.project"
    label = "project"

    def ready(self) -> None:
        """Bring together the apps that do not know each other."""
        from kouan.project.audit_words import register_audit_words
        from kouan.project.framing import fill_the_frame

        fill_the_frame()
        register_audit_words()
