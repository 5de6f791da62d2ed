"""Rows of signing in: former passwords, who may come in by the provider, and failed attempts."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kouan.accounts.models.people import User
from kouan.kernel.identifiers import uuid7


class FormerPassword(models.Model):
    """A password that a person had, as its hash alone, so that it is not chosen again soon."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="former_passwords", verbose_name=_("人员"))
    password = models.CharField(_("口令散列"), max_length=128)
    ended_at = models.DateTimeField(_("停用时间"))

    class Meta:
        verbose_name = _("旧口令")
        indexes = [models.Index(fields=["user", "-ended_at"], name="former_by_user")]


class ProviderIdentity(models.Model):
    """That a person may sign in as whom a provider calls so: one name for each person, one person for each name.

    Unlinking removes the row; the audit tells what was.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="identities", verbose_name=_("人员"))
    issuer = models.CharField(_("签发方"), max_length=255)
    subject = models.CharField(_("统一认证标识"), max_length=255)
    linked_by_id = models.UUIDField(_("关联人"))
    linked_at = models.DateTimeField(_("关联时间"))
    last_used_at = models.DateTimeField(_("最近使用"), null=True)

    class Meta:
        verbose_name = _("统一认证关联")
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="one_person_per_identity"),
            models.UniqueConstraint(fields=["user", "issuer"], name="one_identity_per_person"),
        ]


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
