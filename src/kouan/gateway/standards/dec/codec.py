"""Text to types and back, and nothing else: what the values mean is the business of ``checks``."""

from .reader import LARGEST, decode
from .types import UnreadableMessage
from .writer import UnwritableMessage, encode, losses

__all__ = ["LARGEST", "UnreadableMessage", "UnwritableMessage", "decode", "encode", "losses"]
