"""Reads of checking: the rule of a firm, and what a person may do with a draft by it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from kouan.accounts import selectors as accounts
from kouan.checking.codes import CheckedKind
from kouan.checking.columns import Checked
from kouan.checking.models import CheckRule
from kouan.checking.states import CheckState, may_check, may_leave

if TYPE_CHECKING:
    from kouan.accounts.models import User


def get_rule(organisation_id: UUID) -> CheckRule | None:
    """Return the rule of a firm; None where it has none. For the system's own use."""
    return CheckRule.objects.filter(pk=organisation_id).first()


def has_to_be_checked(organisation_id: UUID, kind: str) -> bool:
    """Whether a firm lets this kind be checked before it leaves."""
    return CheckRule.objects.filter(pk=organisation_id, kinds__contains=[kind]).exists()


def firms_holding(organisation_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of some firms that let the goods declarations of their own systems wait for a check; one query."""
    rules = CheckRule.objects.filter(pk__in=set(organisation_ids), holds_machine=True)
    return frozenset(rules.filter(kinds__contains=[CheckedKind.GOODS]).values_list("pk", flat=True))


def is_checker(user: User) -> bool:
    """Whether the firm has named the person to check."""
    return CheckRule.objects.filter(pk=user.organisation_id, checker_ids__contains=[user.pk]).exists()


@dataclass(frozen=True, slots=True)
class Standing:
    """What a page of a draft says of its checking, and what the person may do next."""

    is_required: bool
    state: CheckState
    may_submit: bool
    may_take_back: bool
    may_check: bool
    may_leave: bool
    checker: str
    maker: str

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to say."""
        return self.is_required or self.state is not CheckState.MAKING


def standing_of(row: Checked, kind: str, user: User) -> Standing:
    """Tell where the checking of a draft stands and what the person may do."""
    rule = get_rule(row.organisation_id)  # type: ignore[arg-type]
    is_required = rule is not None and kind in rule.kinds
    state = row.stands
    names = accounts.person_names(one for one in (row.checked_by_id, row.hands.maker) if one)
    is_own = user.organisation_id == row.organisation_id
    return Standing(
        is_required=is_required,
        state=state,
        may_submit=is_own and is_required and state in (CheckState.MAKING, CheckState.BOUNCED),
        may_take_back=is_own and state is CheckState.TO_CHECK,
        may_check=is_own
        and state in (CheckState.TO_CHECK, CheckState.CHECKED)
        and may_check(user.pk, row.hands, rule.checker_ids if rule else ()),
        may_leave=may_leave(state, is_required=is_required),
        checker=names.get(row.checked_by_id, "") if row.checked_by_id else "",
        maker=names.get(row.hands.maker, ""),
    )


def people_to_choose(organisation_id: UUID, user: User) -> list[User]:
    """Return the people of a firm who may be named to check: its clerks who can work."""
    people = accounts.list_people(user=user, of=organisation_id).filter(is_active=True)
    return [one for one in people.order_by("name", "id") if one.has_role("trader_clerk")]  # type: ignore[arg-type]


KINDS = dict(CheckedKind.choices)
