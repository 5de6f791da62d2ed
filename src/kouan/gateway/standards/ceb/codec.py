"""Text to types and back, and nothing else: what the values mean is the business of ``checks``."""

from .reader import decode
from .types import LIMITS, Limits, UnreadableMessage
from .writer import UnwritableMessage, encode

__all__ = ["LIMITS", "Limits", "UnreadableMessage", "UnwritableMessage", "decode", "encode"]
