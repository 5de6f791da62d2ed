"""Texts and amounts of typed goods: what follows from quantity and price. Pure; values are text as typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any


def text_of(line: Mapping[str, Any], name: str) -> str | None:
    """Give one value of a line, None where nothing is typed."""
    return str(line.get(name, "")).strip() or None


def total_of(line: Mapping[str, Any]) -> str | None:
    """Give the total price of a line, None where price or quantity is no number."""
    try:
        return _plain(Decimal(str(line["price"])) * Decimal(str(line["quantity"])))
    except (InvalidOperation, KeyError):
        return None


def amounts_of(values: Mapping[str, Any], goods: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Compute the amounts that follow from the goods; a value that is no number leaves them to the checks."""
    try:
        goods_value = sum((Decimal(str(line["price"])) * Decimal(str(line["quantity"])) for line in goods), Decimal(0))
        extra = {name: Decimal(str(values.get(name) or 0)) for name in ("freight", "tax_total", "discount")}
    except (InvalidOperation, KeyError):
        return {}
    paid = goods_value + extra["freight"] + extra["tax_total"] - extra["discount"]
    amounts = dict.fromkeys(("actual_paid", "amount_paid", "amount_received"), paid)
    return {name: _plain(value) for name, value in {"goods_value": goods_value, **amounts, **extra}.items()}


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}" if value else "0"
