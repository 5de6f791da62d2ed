"""Text to types and back, and nothing else: what the values mean is the business of ``checks``."""

from .reader import Reading, decode, read
from .types import LIMITS, Limits, UnreadableMessage
from .writer import UnwritableMessage, encode

__all__ = ["LIMITS", "Limits", "Reading", "UnreadableMessage", "UnwritableMessage", "decode", "encode", "read"]
