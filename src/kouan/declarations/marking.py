"""The numbers by which a case is found for a person: the buyer's identity and telephone, the consignee's telephone.

They are marked on the lists and waybills alone: order and payment name the same buyer as the list, or do not match it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kouan.safekeeping.marks import Marker, Number


class PersonMarks:
    """Marks the persons of documents that are stored at one time; made once for a batch."""

    def __init__(self, at: datetime) -> None:
        self._identity = Marker(Number.IDENTITY, at).mark
        self._telephone = Marker(Number.TELEPHONE, at).mark

    def of(self, kind: str, head: Any) -> tuple[bytes | None, bytes | None]:
        """Give the marks of identity and telephone of a document, None where it is found by none."""
        if kind == "621":
            return self._identity(head.buyer_id_number), self._telephone(head.buyer_phone)
        if kind == "511":
            return None, self._telephone(head.consignee_phone)
        return None, None
