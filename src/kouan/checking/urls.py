"""Addresses of checking."""

from django.urls import path

from kouan.checking.views import rules

urlpatterns = [path("checking/rule/", rules.edit_rule, name="check-rule")]
