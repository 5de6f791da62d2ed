"""A supervision place as other apps see it, and why a place cannot be found or kept."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


class PlaceUnknown(LookupError):
    """No supervision place of this code stands on that day."""


class PlaceNotAcceptable(ValueError):
    """What was entered for a place cannot be kept; ``field`` says where, zh and en why."""

    def __init__(self, field: str, zh: str, en: str):
        super().__init__(zh)
        self.field, self.zh, self.en = field, zh, en


@dataclass(frozen=True, slots=True)
class Place:
    """A customs supervision place from ``since`` until the day before ``until``."""

    id: UUID
    code: str
    name_zh: str
    name_en: str
    kind: str
    port_code: str
    port_name_zh: str
    customs_code: str
    operator_id: UUID | None
    operator_label: str
    goods_kinds: tuple[str, ...]
    gates: tuple[str, ...]
    since: date
    until: date | None
    source: str
    is_demo: bool

    def stands_on(self, day: date) -> bool:
        """Whether the place exists on that day."""
        return self.since <= day and (self.until is None or day < self.until)

    def may_receive(self, goods_kind: str) -> bool:
        """Whether goods of this kind may come here."""
        return goods_kind in self.goods_kinds
