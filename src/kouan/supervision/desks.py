"""Which pages of supervision stand in whose navigation, and what the search for everything finds."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kouan.accounts.codes import Role
from kouan.screens import navigation, search
from kouan.screens.search import Hit
from kouan.supervision.selectors import documents, ledger, reports

OFFICE = (Role.PORT_OFFICE_CLERK,)
UNITS = (Role.PORT_OFFICE_CLERK, Role.LIAISON, Role.PRINCIPAL)
SEERS = (*UNITS, Role.OFFICER)
MOST = 20


def register() -> None:
    """Enter the pages into the navigation, documents and tasks into the search."""
    navigation.register("supervision", _("本单位待办"), "own-duties", roles=SEERS, icon="inbox", order=5)
    navigation.register(
        "supervision", _("事项台账"), "tasks", roles=SEERS, icon="table", order=10, under=["/measures/"]
    )
    navigation.register(
        "supervision",
        _("进展报告"),
        "reports",
        roles=SEERS,
        icon="edit",
        order=20,
        badge=lambda user: reports.count_waiting_reports(user),
    )
    navigation.register(
        "supervision",
        _("提醒与督办函"),
        "warnings",
        roles=SEERS,
        icon="mail",
        order=30,
        badge=lambda user: reports.count_open_warnings(user),
    )
    navigation.register(
        "supervision", _("联席会议"), "conferences", roles=SEERS, icon="users", order=40, under=["/meetings/"]
    )
    navigation.register("supervision", _("公文"), "policy-documents", roles=SEERS, icon="files", order=50)
    navigation.register("supervision", _("部门协调"), "coordination", roles=SEERS, icon="hand", order=45)
    navigation.register("supervision", _("政府督查"), "formal-inspections", roles=SEERS, icon="gavel", order=70)
    navigation.register("supervision", _("年度评估"), "evaluation", roles=OFFICE, icon="gauge", order=80)
    navigation.register("supervision", _("督办规则"), "follow-up-rules", roles=OFFICE, icon="settings", order=90)
    search.register("policy_documents", _("文件"), find_documents, roles=SEERS, order=30)
    search.register("tasks", _("事项"), find_tasks, roles=SEERS, order=35)


def find_documents(user: Any, q: str) -> list[Hit]:
    """Documents by words of their title, number or text."""
    rows = documents.find_documents(documents.list_documents(user), q).order_by("-issued_date", "id")
    return [
        Hit(row.title, reverse("policy-document", args=[row.pk]), _("文件"), row.state, row.number, "policy_document")
        for row in rows[:MOST]
    ]


def find_tasks(user: Any, q: str) -> list[Hit]:
    """Tasks by words of their title or text."""
    rows = ledger.find_tasks(ledger.list_tasks(user), q).order_by("due_date", "id")
    return [
        Hit(row.title, reverse("task", args=[row.pk]), _("事项"), row.state, row.source_label, "task")
        for row in rows[:MOST]
    ]
