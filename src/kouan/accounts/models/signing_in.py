"""Rows of signing in."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kouan.kernel.identifiers import uuid7


class SignInFailure(models.Model):
    """One failed attempt to sign in; counted for the lock-out, removed when it no longer counts.

    ``account`` is a digest of the name that was typed: people type passwords into the wrong field.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.BinaryField(_("账号摘要"), max_length=32)
    address = models.GenericIPAddressField(_("来源地址"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("登录失败")
        indexes = [
            models.Index(fields=["account", "at"], name="failure_by_account"),
            models.Index(fields=["address", "at"], name="failure_by_address"),
        ]
