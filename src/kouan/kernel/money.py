"""Money: whole fen inside, Decimal yuan at the edges."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext

FEN = Decimal("0.01")


def to_fen(yuan: Decimal) -> int:
    """Turn yuan into whole fen.

    Raises ValueError if the amount is not a whole number of fen: rounding is a decision, so call ``round_to_fen``.
    """
    scaled = yuan.scaleb(2)
    fen = int(scaled)
    if fen != scaled:
        raise ValueError(f"{yuan} yuan is not a whole number of fen")
    return fen


def from_fen(fen: int) -> Decimal:
    """Turn whole fen into yuan with two decimals."""
    return Decimal(fen).scaleb(-2)


def round_to_fen(yuan: Decimal) -> Decimal:
    """Round yuan to two decimals, a half upward, as bills in China are."""
    with localcontext() as context:
        context.prec = 60
        return yuan.quantize(FEN, ROUND_HALF_UP)
