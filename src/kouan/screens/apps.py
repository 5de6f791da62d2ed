"""The app of Kouan's design language: what every page is made of."""

from django.apps import AppConfig


class ScreensConfig(AppConfig):
    name = "kouan.screens"
    label = "screens"
    verbose_name = "界面"
