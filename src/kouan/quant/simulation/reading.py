"""Model files: YAML that a port officer can read, to models, scenarios and searches.

A file is a base model and ``scenarios``: named sets of changes, each a path into the file and a new value. A scenario
may build on others. What is wrong is said with the line of the file.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NoReturn

import yaml

from kouan.quant.opening_hours import ROUND_THE_CLOCK, NotHours, OpeningHours, read_hours
from kouan.quant.simulation.distributions import Distribution, NotADistribution, lognormal, weibull
from kouan.quant.simulation.model import CaseClass, ImpossibleModel, Model, Need, Rework, Source, Staff, Step

MOST_BYTES = 1_000_000
MOST_VALUES = 30_000
_UNITS = {
    "s": 1,
    "sec": 1,
    "min": 60,
    "h": 3600,
    "d": 86400,
    "w": 604800,
    "秒": 1,
    "分钟": 60,
    "小时": 3600,
    "天": 86400,
    "周": 604800,
}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model file as plain data, with the line of every value."""

    data: dict[str, Any]
    lines: Mapping[Path, int] = field(default_factory=dict)

    def scenarios(self) -> tuple[str, ...]:
        """The names of the scenarios that the file defines."""
        found = self.data.get("scenarios") or {}
        if not isinstance(found, Mapping):
            raise ImpossibleModel(
                "scenarios 应为“名称: 改动”的列表",
                "scenarios is a table of names and changes",
                self.line(("scenarios",)),
            )
        return tuple(str(name) for name in found)

    def line(self, path: Path) -> int:
        """The line of a value, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)

    def changed(self, changes: Mapping[str, Any], where: Path = ()) -> ModelFile:
        """The file with some values replaced; a change to ``null`` removes one. Raises ImpossibleModel."""
        data = copy.deepcopy(self.data)
        lines = dict(self.lines)
        for path, value in changes.items():
            words = tuple(str(path).split("."))
            here: Any = data
            for depth, word in enumerate(words[:-1]):
                if not isinstance(here, dict) or word not in here:
                    raise ImpossibleModel(
                        f"改动“{path}”所指不存在：{'.'.join(words[: depth + 1])}",
                        f"the change '{path}' leads nowhere: there is no {'.'.join(words[: depth + 1])}",
                        self.line((*where, str(path))),
                    )
                here = here[word]
            if not isinstance(here, dict):
                raise ImpossibleModel(
                    f"改动“{path}”所指不是一项",
                    f"the change '{path}' does not lead to a value",
                    self.line((*where, str(path))),
                )
            if value is None:
                here.pop(words[-1], None)
            else:
                here[words[-1]] = value
            line = self.line((*where, str(path)))
            if line:
                lines[words] = line
        return ModelFile(data, lines)

    def scenario(self, name: str, _seen: tuple[str, ...] = ()) -> ModelFile:
        """The file as a scenario changes it; ``base`` is the file itself. Raises ImpossibleModel."""
        if name == "base":
            return self
        found = self.data.get("scenarios") or {}
        line = self.line(("scenarios", name))
        if name not in found:
            raise ImpossibleModel(f"没有方案“{name}”", f"there is no scenario '{name}'")
        if name in _seen:
            raise ImpossibleModel(f"方案“{name}”引用了自己", f"the scenario '{name}' builds on itself", line)
        changes = found[name] or {}
        if not isinstance(changes, Mapping):
            raise ImpossibleModel(
                f"方案“{name}”应为“路径: 新值”", f"the scenario '{name}' is a table of paths and values", line
            )
        made = self
        built_on = changes.get("builds_on", [])
        for other in [built_on] if isinstance(built_on, str) else built_on:
            made = made.with_scenario(str(other), (*_seen, name))
        return made.changed(
            {path: value for path, value in changes.items() if path not in ("builds_on", "name", "cost")},
            ("scenarios", name),
        )

    def with_scenario(self, name: str, _seen: tuple[str, ...] = ()) -> ModelFile:
        """The changes of a scenario on top of this file."""
        return self.scenario(name, _seen)

    def model(self) -> Model:
        """The model that the file describes. Raises ImpossibleModel with the line."""
        return _Reader(self).model()


def load_model(text: str) -> ModelFile:
    """Read a model file. Raises ImpossibleModel with the line where it is not well-formed or too large."""
    if len(text) > MOST_BYTES:
        raise ImpossibleModel("模型文件过大", "the model file is too large")
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise ImpossibleModel(
            f"不是有效的 YAML（{problem}）", f"this is not valid YAML ({problem})", mark.line + 1 if mark else 0
        ) from None
    except RecursionError:
        raise ImpossibleModel("模型文件嵌套过深", "the model file is nested too deep") from None
    if not isinstance(node, yaml.MappingNode):
        raise ImpossibleModel("模型文件应以“键: 值”写成", "a model file is a table of keys and values", 1)
    lines: dict[Path, int] = {}
    data = _plain(node, (), lines, 0, set())
    return ModelFile(data, lines)


def _plain(node: yaml.Node, path: Path, lines: dict[Path, int], depth: int, around: set[int]) -> Any:
    line = node.start_mark.line + 1
    lines[path] = line
    if depth > 40 or len(lines) > MOST_VALUES or id(node) in around:
        raise ImpossibleModel("模型文件嵌套过深或内容过多", "the model file is nested too deep or holds too much", line)
    if isinstance(node, yaml.MappingNode):
        made: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise ImpossibleModel("键应为文字", "a key is a word", key.start_mark.line + 1)
            name = str(key.value)
            if name in made:
                raise ImpossibleModel(f"“{name}”重复", f"'{name}' stands here twice", key.start_mark.line + 1)
            made[name] = _plain(value, (*path, name), lines, depth + 1, around | {id(node)})
            lines[(*path, name)] = key.start_mark.line + 1
        return made
    if isinstance(node, yaml.SequenceNode):
        return [
            _plain(item, (*path, str(place)), lines, depth + 1, around | {id(node)})
            for place, item in enumerate(node.value)
        ]
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (yaml.YAMLError, ValueError):
        raise ImpossibleModel(
            f"“{str(node.value)[:40]}”无法识别", f"'{str(node.value)[:40]}' cannot be read", line
        ) from None


class _Reader:
    def __init__(self, file: ModelFile) -> None:
        self._file = file
        self._hours: dict[str, OpeningHours] = {}

    def model(self) -> Model:
        data = self._file.data
        self._keys(
            data,
            (),
            {
                "name",
                "starts",
                "days",
                "warm_up",
                "cool_down",
                "zone",
                "target",
                "hours",
                "agencies",
                "classes",
                "arrivals",
                "steps",
                "scenarios",
                "search",
            },
        )
        self._zone = self._word(data, (), "zone", "Asia/Shanghai")
        for name, given in self._table(data, (), "hours", needed=False).items():
            self._hours[name] = self._read_hours(given, ("hours", name))
        starts = data.get("starts", date(2024, 1, 1))
        if isinstance(starts, str):
            try:
                starts = date.fromisoformat(starts)
            except ValueError:
                self._refuse(("starts",), "开始日期应写作 2024-01-01", "the start is a date such as 2024-01-01")
        if not isinstance(starts, date):
            self._refuse(("starts",), "开始日期应写作 2024-01-01", "the start is a date such as 2024-01-01")
        target = data.get("target")
        try:
            return Model(
                classes=tuple(self._class(name, given) for name, given in self._table(data, (), "classes").items()),
                sources=tuple(self._source(name, given) for name, given in self._table(data, (), "arrivals").items()),
                steps=tuple(self._step(name, given) for name, given in self._table(data, (), "steps").items()),
                staff=tuple(self._all_staff(data)),
                starts=starts,
                days=self._number(data, (), "days", 28.0),
                warm_up=self._number(data, (), "warm_up", 7.0),
                cool_down=self._number(data, (), "cool_down", 7.0),
                zone=self._zone,
                target=None if target is None else self._span(target, ("target",)),
                name=self._word(data, (), "name", ""),
            )
        except ImpossibleModel as error:
            if error.line:
                raise
            raise ImpossibleModel(error.zh, error.en, self._line_about(error.en)) from None

    def _line_about(self, text: str) -> int:
        """The line of the thing that an error of the whole model names."""
        for name in re.findall(r"'([^']+)'", text):
            for table in ("steps", "arrivals", "classes"):
                if (table, name) in self._file.lines:
                    return self._file.lines[table, name]
        return 0

    def _class(self, name: str, given: Any) -> CaseClass:
        path = ("classes", name)
        given = self._mapping(given or {}, path)
        self._keys(given, path, {"name", "priority", "channels"})
        return CaseClass(name, self._whole(given, path, "priority", 0), self._shares(given, path, "channels"))

    def _source(self, name: str, given: Any) -> Source:
        path = ("arrivals", name)
        given = self._mapping(given, path)
        self._keys(
            given,
            path,
            {"name", "classes", "every", "per_day", "by_hour", "by_weekday", "timetable", "late", "batch", "ahead"},
        )
        timetable = []
        for day, times in self._table(given, path, "timetable", needed=False).items():
            if day != "daily" and day not in _DAYS:
                self._refuse((*path, "timetable", day), f"“{day}”不是星期", f"'{day}' is no weekday")
            for place in range(7) if day == "daily" else [_DAYS.index(day)]:
                for text in times if isinstance(times, list) else re.split(r"[,，\s]+", str(times)):
                    match = re.fullmatch(r"(\d{1,2}):(\d{2})", str(text))
                    if not match:
                        self._refuse(
                            (*path, "timetable", day),
                            f"“{text}”不是钟点",
                            f"'{text}' is no time of day; put it in quotes",
                        )
                    timetable.append(place * 86400.0 + int(match[1]) * 3600 + int(match[2]) * 60)  # type: ignore[index]
        classes = given.get("classes")
        if isinstance(classes, str):
            weights: Mapping[str, float] = {classes: 1.0}
        else:
            weights = self._shares(given, path, "classes")
        return Source(
            name,
            weights,
            every=self._distribution(given, path, "every"),
            per_day=self._number(given, path, "per_day", 0.0),
            by_hour=self._numbers(given, path, "by_hour"),
            by_weekday=self._numbers(given, path, "by_weekday"),
            timetable=tuple(sorted(timetable)),
            late=self._distribution(given, path, "late"),
            batch=self._distribution(given, path, "batch", plain=True) or Distribution("constant", 1.0),
            ahead=self._distribution(given, path, "ahead"),
        )

    def _step(self, name: str, given: Any) -> Step:
        path = ("steps", name)
        given = self._mapping(given, path)
        self._keys(
            given,
            path,
            {
                "name",
                "stage",
                "takes",
                "takes_by_class",
                "needs",
                "together",
                "people",
                "probability",
                "classes",
                "channels",
                "trader",
                "rework",
                "side_by_side",
                "priority",
            },
        )
        takes = self._distribution(given, path, "takes")
        if takes is None:
            self._refuse(path, f"步骤“{name}”缺少 takes（时长）", f"the step '{name}' lacks takes, its duration")
        needs = given.get("together", given.get("needs", []))
        people = self._whole(given, path, "people", 1)
        rework = given.get("rework")
        return Step(
            name,
            self._word(given, path, "stage", "on_site"),
            takes,  # type: ignore[arg-type]
            tuple(
                self._need(one, people, (*path, "needs"))
                for one in ([needs] if isinstance(needs, (str, dict)) else needs)
            ),
            probability=self._number(given, path, "probability", 1.0),
            classes=self._words(given, path, "classes"),
            channels=self._words(given, path, "channels"),
            trader=self._distribution(given, path, "trader"),
            rework=None if rework is None else self._rework(rework, (*path, "rework")),
            side_by_side=self._word(given, path, "side_by_side", ""),
            priority=self._whole(given, path, "priority", 0),
            takes_by_class={
                one: self._read_distribution(value, (*path, "takes_by_class", one), False)
                for one, value in self._table(given, path, "takes_by_class", needed=False).items()
            },
        )

    def _need(self, given: Any, people: int, path: Path) -> Need:
        """Read ``agency.skill`` or ``{agency.skill: people}``."""
        if isinstance(given, dict) and len(given) == 1:
            ((given, count),) = given.items()
            people = self._whole({"people": count}, path, "people", 1)
        agency, dot, skill = str(given).partition(".")
        if not (dot and agency and skill):
            self._refuse(path, f"“{given}”应写作 机构.技能", f"'{given}' should be written as agency.skill")
        return Need(agency, skill, people)

    def _rework(self, given: Any, path: Path) -> Rework:
        given = self._mapping(given, path)
        self._keys(given, path, {"probability", "trader", "at_most", "back_to"})
        return Rework(
            self._number(given, path, "probability", 0.0),
            self._distribution(given, path, "trader"),
            self._whole(given, path, "at_most", 3),
            self._word(given, path, "back_to", ""),
        )

    def _all_staff(self, data: dict[str, Any]) -> list[Staff]:
        found = []
        for agency, given in self._table(data, (), "agencies", needed=False).items():
            given = self._mapping(given, ("agencies", agency))
            self._keys(given, ("agencies", agency), {"name", "staff"})
            for name, one in self._table(given, ("agencies", agency), "staff").items():
                path = ("agencies", agency, "staff", name)
                one = self._mapping(one, path)
                self._keys(one, path, {"name", "people", "skills", "hours", "at_closing"})
                people = self._whole(one, path, "people", 1)
                if not 0 < people <= 1_000_000:
                    self._refuse((*path, "people"), "人数应为正整数", "people is one or more")
                closing = self._word(one, path, "at_closing", "pause")
                if closing not in ("pause", "finish"):
                    self._refuse(
                        (*path, "at_closing"), "at_closing 应为 pause 或 finish", "at_closing is pause or finish"
                    )
                found.append(
                    Staff(
                        agency,
                        name,
                        people,
                        self._words(one, path, "skills") or (name,),
                        self._hours_of(one, path),
                        closing,
                    )
                )
        return found

    def _hours_of(self, given: dict[str, Any], path: Path) -> OpeningHours:
        hours = given.get("hours")
        if hours is None:
            return ROUND_THE_CLOCK
        if isinstance(hours, str) and hours in self._hours:
            return self._hours[hours]
        return self._read_hours(hours, (*path, "hours"))

    def _read_hours(self, given: Any, path: Path) -> OpeningHours:
        try:
            return read_hours(given, self._zone)
        except NotHours as error:
            raise ImpossibleModel(error.zh, error.en, self._file.line(path)) from None

    def _distribution(self, given: dict[str, Any], path: Path, key: str, *, plain: bool = False) -> Distribution | None:
        return None if given.get(key) is None else self._read_distribution(given[key], (*path, key), plain)

    def _read_distribution(self, given: Any, path: Path, plain: bool) -> Distribution:
        """Read ``20 min``, ``{exponential: 20 min}``, ``{lognormal: {mean: 1 h, cv: 0.8}}`` and the like."""

        def read(value: Any) -> float:
            return self._plain_number(value, path) if plain else self._span(value, path)

        try:
            if not isinstance(given, dict):
                return Distribution("constant", read(given))
            if len(given) != 1:
                self._refuse(path, "分布应恰有一个名称", "a distribution has exactly one name")
            ((kind, value),) = given.items()
            match kind:
                case "exponential" | "constant":
                    return Distribution(kind, read(value["mean"] if isinstance(value, dict) else value))
                case "uniform" | "triangular":
                    numbers = [read(one) for one in value]
                    if len(numbers) == (2 if kind == "uniform" else 3):
                        return Distribution(kind, numbers[0], numbers[1], numbers[2] if kind == "triangular" else 0.0)
                case "lognormal":
                    return lognormal(read(value["mean"]), self._plain_number(value["cv"], path))
                case "weibull":
                    return weibull(read(value["mean"]), self._plain_number(value["shape"], path))
                case "erlang":
                    return Distribution("erlang", read(value["mean"]), self._plain_number(value["stages"], path))
                case "empirical":
                    return Distribution("empirical", values=tuple(sorted(read(one) for one in value)))
        except NotADistribution as error:
            self._refuse(path, error.zh, error.en)
        except (TypeError, KeyError):
            pass
        return self._refuse(path, f"看不懂的分布：{str(given)[:60]}", f"this is no distribution: {str(given)[:60]}")

    def _span(self, given: Any, path: Path) -> float:
        match = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([a-z]+|[\u4e00-\u9fff]+)\s*", str(given))
        if not match or match[2] not in _UNITS:
            if given in (0, "0"):
                return 0.0
            self._refuse(
                path,
                f"“{str(given)[:40]}”不是带单位的时长，应写作 20 min、2 h、1.5 d",
                f"'{str(given)[:40]}' is no time with a unit, such as 20 min, 2 h or 1.5 d",
            )
        return float(match[1]) * _UNITS[match[2]]  # type: ignore[index]

    def _plain_number(self, given: Any, path: Path) -> float:
        if isinstance(given, bool) or not isinstance(given, (int, float)) or not abs(given) < 1e15:
            self._refuse(path, f"“{str(given)[:40]}”不是数字", f"'{str(given)[:40]}' is no number")
        return float(given)

    def _number(self, given: dict[str, Any], path: Path, key: str, usual: float) -> float:
        return usual if given.get(key) is None else self._plain_number(given[key], (*path, key))

    def _whole(self, given: dict[str, Any], path: Path, key: str, usual: int) -> int:
        number = self._number(given, path, key, usual)
        if number != int(number):
            self._refuse((*path, key), f"{key} 应为整数", f"{key} is a whole number")
        return int(number)

    def _numbers(self, given: dict[str, Any], path: Path, key: str) -> tuple[float, ...]:
        values = given.get(key) or []
        if not isinstance(values, list):
            self._refuse((*path, key), f"{key} 应为一列数字", f"{key} is a list of numbers")
        return tuple(self._plain_number(value, (*path, key)) for value in values)

    def _word(self, given: dict[str, Any], path: Path, key: str, usual: str) -> str:
        value = given.get(key, usual)
        if not isinstance(value, str):
            self._refuse((*path, key), f"{key} 应为文字", f"{key} is a text")
        return value

    def _words(self, given: dict[str, Any], path: Path, key: str) -> tuple[str, ...]:
        value = given.get(key) or []
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
            self._refuse((*path, key), f"{key} 应为一列名称", f"{key} is a list of names")
        return tuple(values)

    def _shares(self, given: dict[str, Any], path: Path, key: str) -> dict[str, float]:
        return {
            name: self._plain_number(value, (*path, key, name))
            for name, value in self._table(given, path, key, needed=False).items()
        }

    def _table(self, given: dict[str, Any], path: Path, key: str, *, needed: bool = True) -> dict[str, Any]:
        value = given.get(key)
        if value is None and not needed:
            return {}
        if value is None:
            self._refuse(path, f"缺少 {key}", f"{key} is missing")
        return self._mapping(value, (*path, key))

    def _mapping(self, given: Any, path: Path) -> dict[str, Any]:
        if not isinstance(given, dict):
            self._refuse(path, f"{'.'.join(path)} 应写成“键: 值”", f"{'.'.join(path)} is a table of keys and values")
        return given

    def _keys(self, given: dict[str, Any], path: Path, known: set[str]) -> None:
        for key in given:
            if key not in known:
                self._refuse(
                    (*path, key),
                    f"不认识“{key}”，可用：{', '.join(sorted(known))}",
                    f"'{key}' is not known here; there are: {', '.join(sorted(known))}",
                )

    def _refuse(self, path: Path, zh: str, en: str) -> NoReturn:
        raise ImpossibleModel(zh, en, self._file.line(path))
