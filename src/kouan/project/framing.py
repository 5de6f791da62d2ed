"""What the frame of every page is told about people, and what the audit is told about exports.

The design language knows no other app, accounts and audit know no pages: here they meet.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kouan.accounts.codes import Role
from kouan.audit.services import record
from kouan.screens import framing, lists, navigation
from kouan.screens.formats import is_english


def fill_the_frame() -> None:
    """Tell the frame whose roles, name and unit it shows, and the audit what leaves in files."""
    framing.register_roles(lambda user: user.roles)
    framing.register_person(to_person)
    lists.register_auditor(record_export)
    firms, keepers = (Role.TRADER_CLERK, Role.SITE_CLERK, Role.GATE_CLERK), (Role.PORT_OFFICE_CLERK, Role.SYSTEM_ADMIN)
    navigation.register("single_window", _("接口说明"), "interface", roles=firms, icon="book", order=62)
    navigation.register("system", _("接口说明"), "interface", roles=keepers, icon="book", order=45)


def to_person(user: Any) -> framing.Person:
    """How the top bar names a person."""
    return framing.Person(name=user.name, unit=_name_of(user.organisation))


def _name_of(organisation: Any) -> str:
    return (organisation.name_en if is_english() else "") or organisation.name_zh


def record_export(request: HttpRequest, export: lists.Export) -> None:
    """Write into the audit who took which rows out of the system, before the file is handed over."""
    record(
        actor=request.user,  # type: ignore[arg-type]
        act="export_list",
        subject_kind="list",
        subject_id=export.list_key,
        at=export.made_at,
        detail={
            "kind": export.kind,
            "rows": export.row_count,
            "is_cut": export.is_cut,
            "columns": list(export.columns),
            "filters": dict(export.filters),
        },
    )
