"""Numbers of a public instance file, one after the other, each known by its line.

Every reader of a solver's public format takes text and gives a problem. What it refuses, it refuses here: with the
line, the thing that was expected, and the reason, in Chinese and English.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

MOST_ITEMS = 20_000_000
"""More numbers than this are not an instance; the reader stops instead of filling the memory."""


class UnusableProblem(ValueError):
    """Data that cannot be a problem of this kind, said in Chinese and English."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(f"{zh} / {en}")


class UnreadableInstance(UnusableProblem):
    """An instance file breaks its format or contradicts itself; ``line`` counts from 1."""

    def __init__(self, line: int, zh: str, en: str) -> None:
        self.line = line
        super().__init__(f"第 {line} 行：{zh}", f"line {line}: {en}")


class Numbers:
    """The words of a text in order, read as numbers.

    Raises UnreadableInstance for a missing, misshapen, infinite or out-of-range number.
    """

    def __init__(self, text: str) -> None:
        if "\0" in text[:4096]:
            raise UnreadableInstance(1, "不是文本文件", "this is not a text file")
        self._words = self._walk(text)
        self.line = 0
        self._ahead: tuple[int, str] | None = None

    @staticmethod
    def _walk(text: str) -> Iterator[tuple[int, str]]:
        start, number = 0, 0
        while start < len(text):
            stop = text.find("\n", start)
            stop = len(text) if stop < 0 else stop
            number += 1
            for word in text[start:stop].split():
                yield number, word
            start = stop + 1

    def skip_line(self) -> str:
        """Pass over the rest of the line of the next word and return it."""
        first = self.word("标题行", "a heading")
        line, words = self.line, [first]
        while (ahead := self.peek()) is not None and ahead[0] == line:
            words.append(self.word("标题", "a heading"))
        return " ".join(words)

    def peek(self) -> tuple[int, str] | None:
        """The next line number and word without taking it; ``None`` at the end."""
        if self._ahead is None:
            self._ahead = next(self._words, None)
        return self._ahead

    def word(self, zh: str, en: str) -> str:
        """Take the next word; zh and en name what it should be."""
        ahead = self.peek()
        if ahead is None:
            raise UnreadableInstance(
                self.line, f"文件在此之后中断：缺少{zh}", f"the file breaks off after this line: {en} is missing"
            )
        self._ahead = None
        self.line = ahead[0]
        return ahead[1]

    def number(self, zh: str, en: str, least: float = -math.inf, most: float = math.inf) -> float:
        """Take a finite number between least and most."""
        word = self.word(zh, en)
        shown = word if len(word) <= 40 else word[:40] + "…"
        try:
            value = float(word)
        except ValueError:
            raise UnreadableInstance(
                self.line, f"{zh}应为数字，却是“{shown}”", f"{en} must be a number, not '{shown}'"
            ) from None
        if not math.isfinite(value):
            raise UnreadableInstance(self.line, f"{zh}不是有限数：{shown}", f"{en} is not finite: {shown}")
        if value < least or value > most:
            raise UnreadableInstance(
                self.line,
                f"{zh}为 {shown}，超出 {least:g} 至 {most:g}",
                f"{en} is {shown}, outside {least:g} to {most:g}",
            )
        return value

    def integer(self, zh: str, en: str, least: int = 0, most: int = 2**53) -> int:
        """Take a whole number between least and most."""
        value = self.number(zh, en, least, most)
        if value != int(value):
            raise UnreadableInstance(self.line, f"{zh}应为整数，却是 {value}", f"{en} must be whole, not {value}")
        return int(value)

    def numbers(self, count: int, zh: str, en: str, least: float = -math.inf) -> np.ndarray:
        """Take ``count`` finite numbers as float64 ``(count,)``."""
        if count > MOST_ITEMS:
            raise UnreadableInstance(
                self.line, f"{zh}多达 {count} 个，超过上限 {MOST_ITEMS}", f"{count} of {en} are more than {MOST_ITEMS}"
            )
        values: list[float] = []
        for _ in range(count):  # a list grows with what is really there: a false count cannot take the memory
            values.append(self.number(zh, en, least))
        return np.array(values, dtype=np.float64)

    def integers(self, count: int, zh: str, en: str, least: int = 0, most: int = 2**53) -> np.ndarray:
        """Take ``count`` whole numbers as int64 ``(count,)``."""
        if count > MOST_ITEMS:
            raise UnreadableInstance(
                self.line, f"{zh}多达 {count} 个，超过上限 {MOST_ITEMS}", f"{count} of {en} are more than {MOST_ITEMS}"
            )
        return np.array([self.integer(zh, en, least, most) for _ in range(count)], dtype=np.int64)

    def end(self) -> None:
        """Demand that nothing is left."""
        ahead = self.peek()
        if ahead is not None:
            raise UnreadableInstance(
                ahead[0],
                f"数据已完整，却还有多余内容“{ahead[1][:40]}”",
                f"the data are complete, yet '{ahead[1][:40]}' follows",
            )
