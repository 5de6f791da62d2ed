"""Checking: the acts between maker and checker. Every function takes a row that the caller has locked.

The callers (goods declarations, parcels) know what they check; these functions know who may, what becomes of the state,
and write event and audit entry in the caller's transaction.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from kouan.accounts import selectors as accounts
from kouan.accounts.access import NotAllowed, Refusal, require_role
from kouan.accounts.codes import Role
from kouan.audit import services as audit
from kouan.checking.columns import Checked
from kouan.checking.selectors import get_rule, has_to_be_checked
from kouan.checking.states import NEXT, CheckAct, CheckState, may_check, may_leave
from kouan.records.problems import Problem
from kouan.workflow.services import Happening, record_events

if TYPE_CHECKING:
    from kouan.accounts.models import User

_COLUMNS = ["check_state", "revision", "changed_by_id", "submitted_at", "checked_by_id", "checked_at", "bounce_reason",
            "bounce_pointer"]  # fmt: skip


class SomebodyWasQuicker(Refusal):
    """Somebody else checked, bounced or changed the draft since the page was opened."""

    status = 409

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(
            Problem(code, "", "error", zh, en, "请刷新页面，按最新状态办理。", "Reload the page and see how it stands.")
        )


def note_change(*, row: Checked, user: User, at: datetime) -> None:
    """Note that a draft was changed: a check that was passed or asked for no longer holds."""
    before = row.stands
    row.revision += 1
    row.changed_by_id = user.pk
    row.check_state = NEXT[before, CheckAct.CHANGE]
    if before is CheckState.CHECKED:
        row.checked_by_id = row.checked_at = None
    row.save(update_fields=_COLUMNS)
    if row.stands is not before:
        _tell(row, user, CheckAct.CHANGE, before, at)


def submit(*, row: Checked, kind: str, user: User, at: datetime) -> None:
    """Hand a draft over to be checked. Raises NotAllowed where the firm asks for no check or it was handed over."""
    _of_the_firm(row, user)
    if not has_to_be_checked(row.organisation_id, kind):  # type: ignore[arg-type]
        raise NotAllowed(
            "本单位未要求复核此类单证。", "Your firm asks for no check of this.", "可以直接发送或申报。",
            "Send it.", code="CHECK-NOT-NEEDED",
        )  # fmt: skip
    _move(row, CheckAct.SUBMIT, user, at, submitted_at=at, checked_by_id=None, checked_at=None)


def take_back(*, row: Checked, user: User, at: datetime) -> None:
    """Take a draft back that nobody has checked yet."""
    _of_the_firm(row, user)
    _move(row, CheckAct.TAKE_BACK, user, at, submitted_at=None)


def pass_check(*, row: Checked, revision: int, user: User, at: datetime) -> None:
    """Let a draft pass as it stands in ``revision``. Raises NotAllowed, SomebodyWasQuicker."""
    _refuse_checker(row, revision, user, CheckAct.PASS)
    _move(row, CheckAct.PASS, user, at, checked_by_id=user.pk, checked_at=at, bounce_reason="", bounce_pointer="")


def bounce(*, row: Checked, revision: int, stands: str, reason: str, pointer: str, user: User, at: datetime) -> None:
    """Give a draft back to its maker with a reason, at the field named by ``pointer``.

    stands: where its checking stood as the checker saw it, since what was passed can be given back too. Raises
    NotAllowed, SomebodyWasQuicker.
    """
    _refuse_checker(row, revision, user, CheckAct.BOUNCE)
    if row.stands != stands:
        raise _quicker(row)
    if not reason.strip():
        raise NotAllowed("请写明退回的理由。", "Say why it is given back.", "制单人按理由修改。",
                         "The maker reads it.", code="CHECK-REASON", pointer="reason")  # fmt: skip
    _move(row, CheckAct.BOUNCE, user, at, checked_by_id=user.pk, checked_at=at, bounce_reason=reason.strip()[:500],
          bounce_pointer=pointer[:80])  # fmt: skip


def refuse_unchecked(*, row: Checked, kind: str) -> None:
    """Let nothing leave that the firm wants checked and that was not. Raises NotAllowed."""
    if may_leave(row.stands, is_required=has_to_be_checked(row.organisation_id, kind)):  # type: ignore[arg-type]
        return
    words = {
        CheckState.MAKING: ("尚未提交复核", "it has not been handed over"),
        CheckState.TO_CHECK: ("正等待复核", "it waits for its check"),
        CheckState.BOUNCED: ("已被复核退回", "the checker gave it back"),
    }
    zh, en = words[row.stands]
    raise NotAllowed(
        f"本单位要求复核后才能发送或签名，该单证{zh}。", f"Your firm lets nothing leave unchecked: {en}.",
        "请提交复核，由另一人复核通过后再办。", "Hand it over and let a colleague check it.", code="CHECK-UNCHECKED",
    )  # fmt: skip


def _of_the_firm(row: Checked, user: User) -> None:
    require_role(user, Role.TRADER_CLERK)
    if user.organisation_id != row.organisation_id:
        raise NotAllowed("只有制单单位的人员可以办理。", "Only people of the firm that made it.", code="CHECK-FIRM")


def _refuse_checker(row: Checked, revision: int, user: User, act: CheckAct) -> None:
    """Say why this person may not check now: quicker people first, then rights."""
    _of_the_firm(row, user)
    if (row.stands, act) not in NEXT:
        raise _quicker(row)
    if row.revision != revision:
        name = _name(row.changed_by_id)
        raise SomebodyWasQuicker("CHECK-CHANGED", f"{name}在您打开之后修改了该单证。",
                                 f"{name} changed it after you opened it.")  # fmt: skip
    rule = get_rule(row.organisation_id)  # type: ignore[arg-type]
    if not may_check(user.pk, row.hands, rule.checker_ids if rule else ()):
        if rule is None or user.pk not in rule.checker_ids:
            raise NotAllowed(
                "您不是本单位指定的复核人。", "Your firm has not named you to check.",
                "请企业管理员在“复核设置”中指定。", "Ask the firm's manager.", code="CHECK-RIGHT",
            )  # fmt: skip
        raise NotAllowed(
            "自己制作或最后修改的单证不能由自己复核。", "Nobody checks what he made or changed last.",
            "请另一名复核人办理。", "Let another checker do it.", code="CHECK-OWN",
        )  # fmt: skip


def _quicker(row: Checked) -> SomebodyWasQuicker:
    if row.stands in (CheckState.CHECKED, CheckState.BOUNCED) and row.checked_by_id and row.checked_at:
        name, time = _name(row.checked_by_id), f"{timezone.localtime(row.checked_at):%m-%d %H:%M}"
        zh, en = ("复核通过", "passed") if row.stands is CheckState.CHECKED else ("退回", "gave back")
        return SomebodyWasQuicker("CHECK-TWICE", f"{name}已于 {time} {zh}该单证。", f"{name} {en} it at {time}.")
    return SomebodyWasQuicker(
        "CHECK-GONE", "该单证已被收回，不在等待复核。", "It was taken back: no check is waited for."
    )


def _name(person_id: object) -> str:
    return next(iter(accounts.person_names([person_id]).values()), "") if person_id else ""  # type: ignore[list-item]


def _move(row: Checked, act: CheckAct, user: User, at: datetime, **changes: object) -> None:
    before = row.stands
    after = NEXT.get((before, act))
    if after is None:
        raise SomebodyWasQuicker("CHECK-STATE", "该单证的复核状态已变，不能这样办理。",
                                 "It no longer stands where this is possible.")  # fmt: skip
    row.check_state = after
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=_COLUMNS)
    _tell(row, user, act, before, at)


def _tell(row: Checked, user: User, act: CheckAct, before: CheckState, at: datetime) -> None:
    kind = row._meta.model_name or ""
    data = {"reason": row.bounce_reason, "pointer": row.bounce_pointer} if act is CheckAct.BOUNCE else {}
    record_events([Happening(row.pk, kind, f"check_{act}", str(before), str(row.stands), row.pk, user.pk,
                             user.audit_label, data)], at=at)  # fmt: skip
    audit.record(actor=user, act=f"check_{act}", subject_kind=kind, subject_id=row.pk, at=at,
                 detail={"from": str(before), "to": str(row.stands), "revision": row.revision})  # fmt: skip
