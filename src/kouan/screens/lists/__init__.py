"""The list page of Kouan: columns, filters, sort and pages by key, declared once and used by every desk."""

from kouan.screens.lists.columns import Column
from kouan.screens.lists.exports import Export, register_auditor
from kouan.screens.lists.filters import (
    ChoiceFilter,
    DateRangeFilter,
    Filter,
    NumberRangeFilter,
    PickFilter,
    TextFilter,
    YesNoFilter,
)
from kouan.screens.lists.page import BulkAct, ListPage, MainAct, Preset, Selection

__all__ = [
    "BulkAct",
    "ChoiceFilter",
    "Column",
    "DateRangeFilter",
    "Export",
    "Filter",
    "ListPage",
    "MainAct",
    "NumberRangeFilter",
    "PickFilter",
    "Preset",
    "Selection",
    "TextFilter",
    "YesNoFilter",
    "register_auditor",
]
