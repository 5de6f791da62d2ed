"""Writing a table on the screen: a version is begun from another, saved as often as one likes, and submitted.

While it is edited a version may hold mistakes: they are told at each save and nothing that was typed is lost. What is
submitted is right and passes its own examples; another person approves it then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from kouan.accounts.access import NotAllowed, require_role
from kouan.accounts.codes import Role
from kouan.audit.services import record
from kouan.audit.types import Actor
from kouan.decisions import selectors
from kouan.decisions.examples import MOST_EXAMPLES, check_examples
from kouan.decisions.models import DecisionTable, DecisionTableVersion
from kouan.decisions.rules import MOST_ROWS, check_table
from kouan.decisions.services.versions import digest_of, lock_version, next_state, record_act
from kouan.decisions.states import Act, State
from kouan.decisions.types import Example, Row, TableContent, TableNotAcceptable
from kouan.records.problems import Problem

EDITORS = (Role.PORT_OFFICE_CLERK,)


class ChangedMeanwhile(NotAllowed):
    """Somebody else saved the version after this page was opened."""

    def __init__(self) -> None:
        super().__init__(
            "打开本页后，该草案已被他人保存。",
            "Somebody else saved this draft after the page was opened.",
            "请核对后重新保存；你填写的内容仍在本页。",
            "Look at it and save again; what you typed is still here.",
            code="DEC-CHANGED",
        )


def begin_version(*, actor: Actor, at: datetime, key: str, number: int) -> DecisionTableVersion:
    """Begin a version from another one; somebody who has one of this table in hand gets that."""
    require_role(actor, *EDITORS)
    with transaction.atomic():
        origin = selectors.get_version(key, number)
        DecisionTable.objects.select_for_update().get(pk=key)
        versions = DecisionTableVersion.objects.filter(table_id=key)
        in_hand = versions.filter(state=State.EDITING, created_by_id=actor.pk).first()
        if in_hand is not None:
            return in_hand
        version = DecisionTableVersion.objects.create(
            table_id=key,
            number=(versions.order_by("-number").values_list("number", flat=True).first() or 0) + 1,
            state=State.EDITING,
            since=max(timezone.localdate(at), origin.since),
            content=origin.content,
            digest=origin.digest,
            source=origin.source if not origin.is_builtin else "",
            created_by_id=actor.pk,
            created_by_label=actor.audit_label,
            created_at=at,
        )
        record_act(actor, "begin_decision_version", version, at)
    return version


def save_version(
    *,
    actor: Actor,
    at: datetime,
    key: str,
    number: int,
    digest: str,
    since: date,
    source: str,
    rows: Sequence[Row],
) -> list[Problem]:
    """Save what was typed, right or not, and return what is wrong with it.

    digest: of the content that the page was opened with. Raises NotADraft, ChangedMeanwhile, or TableNotAcceptable
    when there are more rows than a table may have; then nothing is saved.
    """
    require_role(actor, *EDITORS)
    with transaction.atomic():
        version = _lock_editing(key, number)
        if version.digest != digest:
            raise ChangedMeanwhile
        content = replace(TableContent.from_json(version.content), rows=tuple(rows))
        if not 1 <= len(rows) <= MOST_ROWS:
            raise TableNotAcceptable(check_table(content))
        _keep(version, content, since=since, source=source)
        record(
            actor=actor, act="save_decision_version", subject_kind="decision_version", subject_id=version.id, at=at,
            detail={"key": key, "number": number, "digest": version.digest},
        )  # fmt: skip
    return problems_of(content)


def add_example(*, actor: Actor, at: datetime, key: str, number: int, example: Example) -> DecisionTableVersion:
    """Give a version in hand an example that it has to pass; one of the same name is replaced."""
    require_role(actor, *EDITORS)
    with transaction.atomic():
        version = _lock_editing(key, number)
        content = TableContent.from_json(version.content)
        others = [one for one in content.examples if one.name != example.name]
        if len(others) >= MOST_EXAMPLES:
            raise NotAllowed(
                f"一张表最多 {MOST_EXAMPLES} 个测试用例。", f"A table has at most {MOST_EXAMPLES} examples.",
                "请先删去不再需要的用例。", "Remove one that is not needed any more.", code="DEC-EXAMPLES",
            )  # fmt: skip
        _keep(version, replace(content, examples=(*others, example)))
        record_act(actor, "save_decision_version", version, at)
    return version


def remove_example(*, actor: Actor, at: datetime, key: str, number: int, name: str) -> DecisionTableVersion:
    """Take an example away from a version in hand."""
    require_role(actor, *EDITORS)
    with transaction.atomic():
        version = _lock_editing(key, number)
        content = TableContent.from_json(version.content)
        _keep(version, replace(content, examples=tuple(one for one in content.examples if one.name != name)))
        record_act(actor, "save_decision_version", version, at)
    return version


def submit_version(*, actor: Actor, at: datetime, key: str, number: int) -> DecisionTableVersion:
    """Hand a version in to be approved by somebody else.

    Raises NotADraft, or TableNotAcceptable with every cell that is wrong and every example that fails.
    """
    require_role(actor, *EDITORS)
    with transaction.atomic():
        version = lock_version(key, number)
        state = next_state(version, Act.SUBMIT)
        problems = problems_of(TableContent.from_json(version.content))
        if any(problem.is_error for problem in problems):
            raise TableNotAcceptable(problems)
        version.state = state
        version.save(update_fields=["state"])
        record_act(actor, "submit_decision_version", version, at)
    return version


def send_back_version(*, actor: Actor, at: datetime, key: str, number: int) -> DecisionTableVersion:
    """Give a draft back to be edited again."""
    require_role(actor, *EDITORS)
    with transaction.atomic():
        version = lock_version(key, number)
        version.state = next_state(version, Act.SEND_BACK)
        version.save(update_fields=["state"])
        record_act(actor, "send_back_decision_version", version, at)
    return version


def problems_of(content: TableContent) -> list[Problem]:
    """Find what is wrong with a table: its cells, and once they are right its examples."""
    problems = check_table(content)
    if any(problem.is_error for problem in problems):
        return problems
    return problems + check_examples(content)


def _lock_editing(key: str, number: int) -> DecisionTableVersion:
    version = lock_version(key, number)
    next_state(version, Act.SUBMIT)
    return version


def _keep(version: DecisionTableVersion, content: TableContent, **columns: object) -> None:
    version.content, version.digest = content.to_json(), digest_of(content)
    for name, value in columns.items():
        setattr(version, name, value)
    version.save(update_fields=["content", "digest", *columns])
