"""Writes of decision tables: a new version, its approval, and the tables that come with Kouan."""

import hashlib
import json
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from kouan.accounts.access import NotAllowed, require_role
from kouan.accounts.codes import Role
from kouan.audit.services import record
from kouan.audit.types import Actor
from kouan.decisions import selectors
from kouan.decisions.examples import check_examples
from kouan.decisions.models import DecisionTable, DecisionTableVersion
from kouan.decisions.reading import read_table_file
from kouan.decisions.rules import check_table
from kouan.decisions.states import NEXT, Act, State
from kouan.decisions.types import TableContent, TableFile, TableNotAcceptable

BUILTIN = Path(__file__).parents[1] / "builtin_tables"


class NotADraft(NotAllowed):
    """The version is not where this can be done; what decided stays."""

    def __init__(self) -> None:
        super().__init__(
            "该版本现在不能这样办理。",
            "This cannot be done with the version as it stands.",
            "已启用的版本不再改动；需要改变时请另编新版本。",
            "What decided stays; begin a new version to change a table.",
            code="DEC-NOT-A-DRAFT",
        )


class ApprovedByItsAuthor(NotAllowed):
    """Whoever drew up a version does not approve it."""

    def __init__(self) -> None:
        super().__init__(
            "编制人不能批准自己编制的版本。",
            "Whoever drew up a version does not approve it.",
            "请由另一位有权人员批准。",
            "Ask another person who may approve it.",
            code="DEC-OWN-VERSION",
        )


class SinceTaken(NotAllowed):
    """Another approved version begins on the same day."""

    def __init__(self, since: date) -> None:
        super().__init__(
            f"已有版本自 {since} 起启用。",
            f"Another version begins on {since}.",
            "请改用更晚的启用日期重新载入。",
            "Load it again with a later first day.",
            code="DEC-SINCE-TAKEN",
        )


class SinceInThePast(NotAllowed):
    """A later version may not begin before the day of its approval: what was decided stays explainable."""

    def __init__(self, since: date) -> None:
        super().__init__(
            f"启用日期 {since} 早于批准之日，已作出的判定将无法解释。",
            f"The first day, {since}, lies before the approval; what was decided could not be explained.",
            "请改用今天或以后的启用日期重新载入。",
            "Load it again with a first day from today on.",
            code="DEC-SINCE-PAST",
        )


def load_table(*, actor: Actor, at: datetime, raw: bytes) -> DecisionTableVersion:
    """Take in a table from a file as a draft: the next version of its table, or the first of a new one.

    A file that says what the newest version says returns that version. Raises TableNotAcceptable with every cell that
    is wrong.
    """
    return draft_version(actor=actor, at=at, table=read_table_file(raw))


def draft_version(*, actor: Actor, at: datetime, table: TableFile, is_builtin: bool = False) -> DecisionTableVersion:
    """Keep a table as the next version of its key, waiting for approval; raises TableNotAcceptable.

    Says a version that is not discarded the very same from the same day, it is returned and nothing is written.
    """
    problems = check_table(table.content)
    if not any(problem.is_error for problem in problems):
        problems += check_examples(table.content)
    if any(problem.is_error for problem in problems):
        raise TableNotAcceptable(problems)
    digest = digest_of(table.content)
    with transaction.atomic():
        DecisionTable.objects.get_or_create(
            key=table.key, defaults={"name_zh": table.name_zh, "name_en": table.name_en}
        )
        DecisionTable.objects.select_for_update().get(pk=table.key)
        earlier = DecisionTableVersion.objects.filter(table_id=table.key)
        same = earlier.filter(digest=digest, since=table.since).exclude(state=State.DISCARDED).first()
        if same is not None:
            return same
        newest = earlier.order_by("-number").values_list("number", flat=True).first()
        version = DecisionTableVersion.objects.create(
            table_id=table.key,
            number=(newest or 0) + 1,
            state=State.DRAFT,
            since=table.since,
            content=table.content.to_json(),
            digest=digest,
            source=table.source,
            is_builtin=is_builtin,
            created_by_id=actor.pk,
            created_by_label=actor.audit_label,
            created_at=at,
        )
        record_act(actor, "draft_decision_version", version, at)
    return version


def approve_version(*, actor: Actor, at: datetime, key: str, number: int) -> DecisionTableVersion:
    """Let a draft decide from its first day on. Whoever drew it up does not approve it.

    Raises TableUnknown, NotADraft, ApprovedByItsAuthor, SinceTaken or SinceInThePast.
    """
    require_role(actor, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        version = lock_version(key, number)
        state = next_state(version, Act.APPROVE)
        if actor.pk is not None and actor.pk == version.created_by_id:
            raise ApprovedByItsAuthor
        standing = DecisionTableVersion.objects.filter(table_id=key, state=State.ACTIVE)
        if standing.filter(since=version.since).exists():
            raise SinceTaken(version.since)
        if standing.exists() and version.since < timezone.localdate(at):
            raise SinceInThePast(version.since)
        version.state = state
        version.approved_by_id = actor.pk
        version.approved_by_label = actor.audit_label
        version.approved_at = at
        version.save(update_fields=["state", "approved_by_id", "approved_by_label", "approved_at"])
        record_act(actor, "approve_decision_version", version, at)
    return version


def discard_version(*, actor: Actor, at: datetime, key: str, number: int) -> DecisionTableVersion:
    """Give up a draft; its number is not used again. Raises TableUnknown, NotADraft."""
    require_role(actor, Role.PORT_OFFICE_CLERK)
    with transaction.atomic():
        version = lock_version(key, number)
        version.state = next_state(version, Act.DISCARD)
        version.save(update_fields=["state"])
        record_act(actor, "discard_decision_version", version, at)
    return version


def install_builtin_tables(*, actor: Actor, at: datetime) -> int:
    """Bring in and approve the tables that come with Kouan where a table has no version yet; return how many.

    A table that the office keeps is never touched.
    """
    fresh = 0
    for path in sorted(BUILTIN.glob("*.yaml")):
        table = read_table_file(path.read_bytes())
        with transaction.atomic():
            if DecisionTableVersion.objects.filter(table_id=table.key).exists():
                continue
            version = draft_version(actor=actor, at=at, table=table, is_builtin=True)
            approve_version(actor=actor, at=at, key=table.key, number=version.number)
        fresh += 1
    return fresh


def digest_of(content: TableContent) -> str:
    """SHA-256 of a table's canonical JSON, in hexadecimal."""
    plain = json.dumps(content.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def lock_version(key: str, number: int) -> DecisionTableVersion:
    """Lock a table, and give a version of it; raises TableUnknown."""
    found = selectors.get_version(key, number)
    DecisionTable.objects.select_for_update().get(pk=key)
    return DecisionTableVersion.objects.select_for_update().get(pk=found.pk)


def next_state(version: DecisionTableVersion, act: Act) -> State:
    """Give where an act leads; raises NotADraft where it leads nowhere."""
    state = NEXT.get((State(version.state), act))
    if state is None:
        raise NotADraft
    return state


def record_act(actor: Actor, act: str, version: DecisionTableVersion, at: datetime) -> None:
    """Write into the audit what was done with a version."""
    record(
        actor=actor,
        act=act,
        subject_kind="decision_version",
        subject_id=version.id,
        at=at,
        detail={
            "key": version.table_id,
            "number": version.number,
            "since": version.since.isoformat(),
            "digest": version.digest,
        },
    )
