"""Dated figures of the law and of standards: each with its first day, unit, clause, source and the day it was checked.

``get("ceb.single_limit_cny", day)`` gives the value in force on a day. A day without a figure raises; it never counts
as 0. Old values stay, so that an old case is still judged as it was.
"""

from kouan.law.figures.register import (
    Figure,
    FiguresMalformed,
    FigureUnknown,
    NoFigureOnDay,
    all_figures,
    describe,
    get,
)

__all__ = [
    "Figure",
    "FigureUnknown",
    "FiguresMalformed",
    "NoFigureOnDay",
    "all_figures",
    "describe",
    "get",
]
