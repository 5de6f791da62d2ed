"""What supervision shows on pages of clearance: the disagreements that a ticket or a declaration led to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from kouan.accounts.codes import Role
from kouan.screens import related
from kouan.screens.related import Link, Related
from kouan.supervision.selectors import coordination


def register() -> None:
    """Let tickets and declarations show their disagreements, and the port office open one there."""
    related.register("ticket", of_ticket)
    related.register("case", of_case)


def of_ticket(user: Any, pk: UUID) -> Related:
    """The disagreements that arose from a ticket."""
    return _card(user, coordination.coordination_about(user, ticket_id=pk), f"ticket={pk}")


def of_case(user: Any, pk: UUID) -> Related | None:
    """The disagreements that arose from a declaration; begun from its tickets, so without an act of its own."""
    return _card(user, coordination.coordination_about(user, case_id=pk), f"case={pk}")


def _card(user: Any, rows: list[Any], query: str) -> Related:
    may_open = user.has_role(Role.PORT_OFFICE_CLERK)
    return Related(
        heading=_("部门协调"),
        links=[
            Link(row.title, reverse("coordination-case", args=[row.pk]), row.state, "coordination", row.outcome[:60])
            for row in rows
        ],
        act=_("提请部门协调") if may_open else "",
        act_url=f"{reverse('open-coordination')}?{query}" if may_open else "",
    )
