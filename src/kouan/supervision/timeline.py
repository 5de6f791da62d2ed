"""What happened to a task, what a target has reached, how much time has passed: as pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from kouan.audit import acts
from kouan.indicators.types import Standing
from kouan.screens.pieces import Chip, Moment, Tone
from kouan.supervision.rules import elapsed_percent
from kouan.workflow import selectors as workflow

_BAD = {"bounce", "return", "refuse", "cancel", "turn_down"}
_WORDS = ("reason", "title", "word", "department", "decision", "name", "to", "due", "indicator")


def moments_of(subject_id: UUID) -> list[Moment]:
    """Give what happened to a thing that may be seen, the youngest first."""
    moments = []
    for event in workflow.list_events(subject_id=subject_id):
        notes = [str(event.data[key]) for key in _WORDS if event.data.get(key)]
        moments.append(
            Moment(
                what=acts.word_of_act(f"{event.act}_{event.kind}"),
                at=event.at,
                tone=Tone.REFUSED if event.act in _BAD else Tone.DONE,
                who=event.actor_label,
                note=" · ".join(notes)[:200],
            )
        )
    return moments[::-1]


@dataclass(frozen=True)
class Reach:
    """How far a target is: whether reached now, whether the year's end will reach it; in a word and a tone."""

    word: str
    tone: Tone

    @property
    def chip(self) -> Chip:
        """As a chip."""
        return Chip(self.word, self.tone)


def reach_of(target: Any, standing: Standing | None) -> Reach:
    """Compare a target with where its indicator stands; a yearly figure with the year so far and its forecast."""
    if standing is None:
        return Reach(_("未绑定指标"), Tone.IDLE)
    if standing.value is None:
        return Reach(_("本年尚无读数"), Tone.WAITING)
    wanted: Decimal | None = target.low if target.low is not None else target.high
    if wanted is None:
        return Reach(_("目标没有数值"), Tone.UNKNOWN)
    is_ceiling = target.low is None
    if is_ceiling:
        held = standing.value <= wanted
        return Reach(_("未超上限") if held else _("已超上限"), Tone.DONE if held else Tone.REFUSED)
    if standing.value >= wanted:
        return Reach(_("已达目标"), Tone.DONE)
    if standing.forecast is None:
        return Reach(_("尚未达到，数据不足以预测"), Tone.WAITING)
    if standing.forecast.value >= wanted:
        return Reach(_("尚未达到，预计年底达到"), Tone.RUNNING)
    return Reach(_("预计年底达不到"), Tone.REFUSED)


def elapsed(measure: Any) -> int | None:
    """Give how much of a measure's time has passed, in percent; None without a deadline."""
    return elapsed_percent(begun=measure.begun_date, due=measure.due_date, on=timezone.localdate())
