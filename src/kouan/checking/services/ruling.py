"""Ruling: a firm says what has to be checked before it leaves, and who may check."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kouan.accounts import selectors as accounts
from kouan.accounts.access import require_role
from kouan.accounts.codes import Role
from kouan.accounts.rules import Mistake
from kouan.audit import services as audit
from kouan.audit.types import Actor
from kouan.checking.codes import CheckedKind
from kouan.checking.models import CheckRule


class TheRuleDoesNotFit(Mistake):
    """The people who are to check do not work for the firm, or are too few for two hands."""


@transaction.atomic
def set_rule(
    *,
    actor: Actor,
    organisation_id: UUID,
    kinds: Iterable[str],
    checker_ids: Iterable[UUID],
    at: datetime,
    holds_machine: bool = False,
) -> CheckRule:
    """Set what a firm lets be checked, and by whom; only its manager may. Raises TheRuleDoesNotFit, NotAllowed.

    holds_machine: goods declarations of the firm's own systems wait for the check too.
    """
    require_role(actor, Role.FIRM_MANAGER)
    wanted = sorted(kind for kind in set(kinds) if kind in CheckedKind.values)
    people = accounts.people_by_id(checker_ids)
    if any(
        one.organisation_id != organisation_id or not one.has_role(Role.TRADER_CLERK) for one in people.values()
    ) or len(people) != len(set(checker_ids)):
        raise TheRuleDoesNotFit(
            "CHECK-PEOPLE", "checkers", "复核人须为本单位在岗的申报员。", "Checkers have to be clerks of the firm."
        )
    if wanted and not people:
        raise TheRuleDoesNotFit(
            "CHECK-NOBODY",
            "checkers",
            "须复核时至少指定一名复核人。",
            "Somebody has to be named to check.",
            "请勾选复核人；两名以上方可互相复核。",
            "Name a checker; with two or more they can check each other.",
        )
    if holds_machine and CheckedKind.GOODS not in wanted:
        raise TheRuleDoesNotFit(
            "CHECK-MACHINE",
            "holds_machine",
            "接口报送须复核时，报关单也须列入复核。",
            "Where systems are checked, goods declarations have to be checked.",
            "请同时勾选“报关单”。",
            "Tick goods declarations too.",
        )
    rule, _is_new = CheckRule.objects.update_or_create(
        organisation_id=organisation_id,
        defaults={
            "kinds": wanted, "holds_machine": holds_machine, "checker_ids": sorted(people),
            "changed_by_id": actor.pk, "changed_at": at,
        },
    )  # fmt: skip
    audit.record(
        actor=actor, act="set_check_rule", subject_kind="organisation", subject_id=organisation_id, at=at,
        detail={"kinds": wanted, "holds_machine": holds_machine, "checkers": [str(one) for one in sorted(people)]},
    )  # fmt: skip
    return rule
