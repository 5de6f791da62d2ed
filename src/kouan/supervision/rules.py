"""What holds in follow-up: report days, classes of progress, steps of warning, and the law of formal inspection.

What an office may set is in ``Rules`` (stored from a day on, see ``models.FollowUpRules``); what the law fixes stands
in the classes named after its clauses.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from kouan.records.problems import Problem
from kouan.supervision.codes import Frequency, Progress, Tone


class Unfit(ValueError):
    """Something that cannot stand in the ledger: a problem that points at the field, in both languages."""

    def __init__(self, code: str, pointer: str, zh: str, en: str, fix_zh: str = "", fix_en: str = "") -> None:
        super().__init__(en)
        self.problem = Problem(code=code, pointer=pointer, severity="error", zh=zh, en=en, fix_zh=fix_zh, fix_en=fix_en)


class TheReasonIsMissing(Unfit):
    """An act that has to give its reason came without one."""

    def __init__(self, pointer: str = "reason") -> None:
        super().__init__(
            "SUPERVISION-REASON",
            pointer,
            "请写明理由。",
            "Give the reason.",
            "填写后重新提交。",
            "Fill it in and submit again.",
        )


class TheEvidenceIsMissing(Unfit):
    """A measure was to be closed without evidence that somebody else has verified."""


class TheDateDoesNotFit(Unfit):
    """A date lies where it cannot."""


class TheLawForbidsIt(Unfit):
    """A step of a formal inspection that the regulation does not allow."""


class TheRulesDoNotFit(Unfit):
    """Settings of follow-up that contradict themselves."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of warning: how many days after the deadline (negative: before), its colour and always its word.

    answer_days: how many days the unit has to answer.
    """

    key: str
    tone: str
    word: str
    word_en: str
    after_days: int
    answer_days: int


DEFAULT_STEPS = (
    Step("remind", Tone.BLUE, "提醒", "Reminder", -7, 7),
    Step("warn", Tone.ORANGE, "警示", "Warning", 1, 5),
    Step("urge", Tone.RED, "督办", "Urging", 15, 3),
)
"""Three coloured slips: reminder, then warning, then urging, as one city keeps it; practice differs from place to
place, so every office sets its own."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings of follow-up.

    report_day: the day of the month by which monthly and quarterly reports are due (25 and 28 are usual).
    report_weekday: 1 Monday … 7 Sunday, for weekly reports. tolerance_percent: how far done may lag behind elapsed
    time before a measure is called behind. behind_tone, behind_word: how a lag is shown before the deadline.
    plenary_a_year, liaison_first: how often the conference meets, and that its liaison officers meet before.
    """

    report_day: int = 25
    report_weekday: int = 5
    tolerance_percent: int = 10
    behind_tone: str = Tone.YELLOW
    behind_word: str = "进度滞后"
    behind_word_en: str = "Behind schedule"
    steps: tuple[Step, ...] = DEFAULT_STEPS
    plenary_a_year: int = 2
    liaison_first: bool = True

    def step(self, key: str) -> Step | None:
        """The step of this key."""
        return next((step for step in self.steps if step.key == key), None)

    def to_dict(self) -> dict[str, Any]:
        """Give the plain form in which settings are stored."""
        return asdict(self)

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Rules:
        """Take the plain form; a setting that is younger than the stored row has its default."""
        known = {name: content[name] for name in cls.__dataclass_fields__ if name in content}
        if "steps" in known:
            known["steps"] = tuple(Step(**step) for step in known["steps"])
        return cls(**known)


def check_rules(rules: Rules) -> None:
    """Raise TheRulesDoNotFit where settings contradict themselves: every colour has a word, later steps come later."""
    if not 1 <= rules.report_day <= 28:
        raise TheRulesDoNotFit(
            "SUPERVISION-REPORT-DAY",
            "report_day",
            "报送日应在每月 1 日至 28 日之间，以便每个月都有这一天。",
            "The report day lies between 1 and 28, so that every month has it.",
        )
    if not rules.steps or any(not step.word.strip() or not step.word_en.strip() for step in rules.steps):
        raise TheRulesDoNotFit(
            "SUPERVISION-COLOUR-WORD",
            "steps",
            "每一级提醒都须有名称：同一种颜色在各地含义不同，不能只用颜色。",
            "Every step needs a word: a colour means different things in different places.",
        )
    days = [step.after_days for step in rules.steps]
    if days != sorted(set(days)):
        raise TheRulesDoNotFit(
            "SUPERVISION-STEP-ORDER",
            "steps",
            "提醒应逐级推后，后一级的天数须大于前一级。",
            "Each step comes later than the one before.",
        )


# Reports --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """A week, month or quarter (both days inclusive) and the day by which it is reported."""

    frequency: str
    since: dt.date
    until: dt.date
    due_date: dt.date


def report_period(frequency: str, *, on: dt.date, rules: Rules) -> ReportPeriod:
    """The period in which a day lies, with the day on which its report is due."""
    if frequency == Frequency.WEEKLY:
        since = on - dt.timedelta(days=on.weekday())
        return ReportPeriod(
            frequency, since, since + dt.timedelta(days=6), since + dt.timedelta(days=rules.report_weekday - 1)
        )
    first = on.month if frequency == Frequency.MONTHLY else (on.month - 1) // 3 * 3 + 1
    last = on.month if frequency == Frequency.MONTHLY else first + 2
    until = dt.date(on.year, last, calendar.monthrange(on.year, last)[1])
    return ReportPeriod(frequency, dt.date(on.year, first, 1), until, dt.date(on.year, last, rules.report_day))


# Progress and colours -------------------------------------------------------------------------------------------------


def elapsed_percent(*, begun: dt.date, due: dt.date | None, on: dt.date) -> int | None:
    """How much of the time from beginning to deadline has passed, 0 to 100; None without a deadline."""
    if due is None:
        return None
    whole = max((due - begun).days, 1)
    return max(0, min(100, round((on - begun).days * 100 / whole)))


def seen_progress(*, percent: int, begun: dt.date, due: dt.date | None, on: dt.date, rules: Rules) -> Progress:
    """The class that percentage and elapsed time show, beside what the unit claims; NONE where there is no deadline."""
    if percent >= 100:
        return Progress.DONE
    elapsed = elapsed_percent(begun=begun, due=due, on=on)
    if elapsed is None:
        return Progress.NONE
    if percent < elapsed - rules.tolerance_percent:
        return Progress.BEHIND
    return Progress.AHEAD if percent > elapsed + rules.tolerance_percent else Progress.ON_TRACK


@dataclass(frozen=True, slots=True)
class Light:
    """How a measure is shown: colour, always a word, and why. tone: a Tone, ``done`` or ``none``."""

    tone: str
    word: str
    word_en: str
    days_late: int = 0
    step: str = ""


def light_of(*, state: str, percent: int, begun: dt.date, due: dt.date | None, on: dt.date, rules: Rules) -> Light:
    """The light of a measure on a day: the furthest step whose day has come, else a lag, else on schedule."""
    if state == "closed":
        return Light("done", "已办结", "Done")
    if state == "cancelled":
        return Light("none", "已取消", "Cancelled")
    if due is None:
        return Light("none", "未定时限", "No deadline")
    late = (on - due).days
    reached = [step for step in rules.steps if late >= step.after_days]
    if late > 0 and reached:
        return Light(reached[-1].tone, reached[-1].word, reached[-1].word_en, late, reached[-1].key)
    if seen_progress(percent=percent, begun=begun, due=due, on=on, rules=rules) == Progress.BEHIND:
        return Light(rules.behind_tone, rules.behind_word, rules.behind_word_en, max(late, 0))
    if reached:
        return Light(reached[-1].tone, reached[-1].word, reached[-1].word_en, 0, reached[-1].key)
    return Light("none", "按期推进", "On schedule")


def next_step(*, due: dt.date, issued: Iterable[str], on: dt.date, rules: Rules) -> Step | None:
    """The warning that is due on a day: one step at a time, the first that has come and was not issued."""
    already = set(issued)
    for index, step in enumerate(rules.steps):
        if step.key in already:
            continue
        is_late = (on - due).days
        if is_late < step.after_days:
            return None
        # A reminder before the deadline makes no sense after it; the first real step takes over.
        later = rules.steps[index + 1 :]
        if step.after_days < 0 < is_late and later and is_late >= later[0].after_days:
            continue
        return step
    return None


# Formal inspection (政府督查工作条例, 2020-12-26) ---------------------------------------------------------------

REVIEW_DAYS = 30


def check_designation(*, designated_by: str, designation_no: str, since: dt.date, until: dt.date) -> None:
    """第七条: a department inspects only where its government designated it, for a matter, scope and time it names."""
    if not designated_by.strip() or not designation_no.strip():
        raise TheLawForbidsIt(
            "SUPERVISION-DESIGNATION",
            "designation_no",
            "未经本级人民政府指定，部门不得开展政府督查：请填写指定机关和文号。",
            "Without designation by its government a department may not inspect: name who designated, and the number.",
            "日常跟踪请用台账、提醒和督办函，不需要指定。",
            "For everyday follow-up use the ledger and its letters; they need no designation.",
        )
    if until < since:
        raise TheDateDoesNotFit(
            "SUPERVISION-PERIOD", "until", "期限止日不得早于起日。", "The period ends before it begins."
        )


def check_plan(*, plan: str, leader: str) -> None:
    """第八条、第十五条: there is a plan before an inspection begins, and one person leads."""
    if not plan.strip() or not leader.strip():
        raise TheLawForbidsIt(
            "SUPERVISION-PLAN",
            "plan",
            "开展政府督查应当制定督查方案并确定组长。",
            "An inspection needs a plan and a leader before it begins.",
        )


def check_review_request(*, fed_back: dt.date, on: dt.date) -> None:
    """第十七条: who was inspected may ask for review within thirty days of receiving the conclusion."""
    if on > review_until(fed_back):
        raise TheLawForbidsIt(
            "SUPERVISION-REVIEW-LATE",
            "",
            f"申请复核的期限为收到督查结论之日起 {REVIEW_DAYS} 日，已于 {review_until(fed_back)} 届满。",
            f"Review is asked for within {REVIEW_DAYS} days of the conclusion; that ended on {review_until(fed_back)}.",
        )


def check_reviewer(*, concluded_by: Any, reviewer: Any) -> None:
    """第十七条: who took part in the conclusion keeps out of its review."""
    if concluded_by == reviewer:
        raise TheLawForbidsIt(
            "SUPERVISION-RECUSAL",
            "",
            "参与作出督查结论的人员在复核中应当回避，请由他人办理。",
            "Who took part in the conclusion keeps out of its review; somebody else has to decide.",
        )


def review_until(day: dt.date) -> dt.date:
    """The last of the thirty days after a day."""
    return day + dt.timedelta(days=REVIEW_DAYS)


# Units ----------------------------------------------------------------------------------------------------------------


def spellings(name: str, alias: str | None = None) -> list[str]:
    """The ways in which a register may write a unit that a document names: with and without the city before it."""
    found: list[str] = []
    for each in (name, alias or ""):
        plain = each.translate(_WIDTHS).strip()
        if not plain:
            continue
        found.append(plain)
        if plain.startswith("武汉市"):
            found.append(plain.removeprefix("武汉"))
        elif plain.startswith("市"):
            found.append("武汉" + plain)
    return list(dict.fromkeys(found))


_WIDTHS = str.maketrans({"(": "（", ")": "）", "〈": "（", "〉": "）", " ": "", "\u3000": ""})


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One unit's year in figures, all counted from the ledger."""

    measures: int = 0
    closed: int = 0
    closed_late: int = 0
    overdue: int = 0
    extended: int = 0
    delay_days: int = 0
    bounced: int = 0
    unproven: int = 0
    reports: int = 0
    reports_late: int = 0
    warnings: int = 0
    warnings_unanswered: int = 0
    meetings: int = 0
    attended: int = 0
    marks: Mapping[str, int | None] = field(default_factory=dict)


def share(part: int, whole: int) -> int | None:
    """A share in whole percent; None of nothing."""
    return round(part * 100 / whole) if whole else None
