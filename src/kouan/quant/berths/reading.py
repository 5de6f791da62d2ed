"""Read berth problems: the DBAP text files."""

from __future__ import annotations

from kouan.quant.berths.problem import BadBerthProblem, Berth, BerthProblem, Ship

FORBIDDEN = 99999
MOST_NUMBERS = 5_000_000


def read_dbap(text: str, name: str = "") -> BerthProblem:
    """Read a dynamic berth allocation file (Cordeau et al. 2005; Lalla-Ruiz et al. 2012; Kramer et al. 2019).

    Lines: number of ships; of berths; arrivals; openings; one line of handling times per ship (99999: may not lie
    there); closings; latest departures, in some files followed by the priorities. The last two lines of some public
    files repeat their value for more berths and ships than the file has: what is too many there is ignored.
    Raises BadBerthProblem with the line and the reason.
    """
    lines = [(number, line.split()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if sum(len(words) for _, words in lines) > MOST_NUMBERS:
        raise BadBerthProblem("文件过大", "the file is too large")
    rows = _Rows(lines)
    ships = rows.take(1, "船舶数", "number of ships", exact=True)[0]
    berths = rows.take(1, "泊位数", "number of berths", exact=True)[0]
    if not 1 <= ships <= 100_000 or not 1 <= berths <= 10_000:
        raise BadBerthProblem(
            f"船舶数{ships}或泊位数{berths}不合理", f"{ships} ships and {berths} berths are not plausible"
        )
    arrivals = rows.take(ships, "到港时间", "arrivals", exact=True)
    opens = rows.take(berths, "泊位开放时间", "openings of berths", exact=True)
    handling = [
        rows.take(berths, f"第{i}艘船的作业时间", f"handling times of ship {i}", exact=True)
        for i in range(1, ships + 1)
    ]
    closes = rows.take(berths, "泊位关闭时间", "closings of berths")
    last = rows.take(ships, "最晚离泊时间", "latest departures", rest=True)
    rows.end()
    priorities = last[ships:] if len(last) == 2 * ships else [1] * ships
    return BerthProblem(
        ships=tuple(
            Ship(
                name=str(i + 1),
                arrival=arrivals[i],
                handling=tuple(None if h >= FORBIDDEN else h for h in handling[i]),
                priority=priorities[i],
                latest_departure=last[i],
            )
            for i in range(ships)
        ),
        berths=tuple(Berth(str(k + 1), opens[k], closes[k]) for k in range(berths)),
        name=name,
    )


class _Rows:
    def __init__(self, lines: list[tuple[int, list[str]]]) -> None:
        self.lines, self.at = lines, 0

    def take(self, many: int, zh: str, en: str, *, exact: bool = False, rest: bool = False) -> list[int]:
        """The numbers of the next line; too few are an error, too many also if exact."""
        if self.at >= len(self.lines):
            after = self.lines[-1][0] if self.lines else 0
            raise BadBerthProblem(
                f"第{after}行之后文件中断：缺少{zh}", f"the file ends after line {after}: {en} missing"
            )
        number, words = self.lines[self.at]
        self.at += 1
        if len(words) < many or (exact and len(words) > many):
            raise BadBerthProblem(
                f"第{number}行：{zh}应有{many}个数，实有{len(words)}个",
                f"line {number}: {en} should be {many} numbers, found {len(words)}",
            )
        return [self._number(number, word) for word in (words if rest else words[:many])]

    @staticmethod
    def _number(line: int, word: str) -> int:
        try:
            value = int(word) if len(word) < 20 else None
        except ValueError:
            value = None
        if value is None or value < 0:
            raise BadBerthProblem(
                f"第{line}行：“{word[:20]}”不是非负整数",
                f"line {line}: “{word[:20]}” is not a whole number from zero up",
            )
        return value

    def end(self) -> None:
        """Nothing may follow."""
        if self.at < len(self.lines):
            number = self.lines[self.at][0]
            raise BadBerthProblem(
                f"第{number}行：文件末尾有多余内容",
                f"line {number}: more follows than the format has",
            )
