"""Rows of declarations: documents, their versions, the goods, the case, and what was found on the way.

A ``Document`` is the narrow key of a business node: kind, owner and number. Its ``DocumentVersion`` rows are never
updated. A ``Case`` is the parcel declaration that an import list opens; it shares the id of the list's document.

High volume: no foreign keys across tables of the hot path, natural keys in every index, personal data only as keyed
digests (the message keeps the text).
"""

from kouan.declarations.models.answers import OfficialAnswer, TaxBill, UnplacedAnswer
from kouan.declarations.models.cases import Case
from kouan.declarations.models.documents import (
    Document,
    DocumentVersion,
    GoodsLine,
    NamedParcel,
    NodeFinding,
)
from kouan.declarations.models.drafts import Draft, DraftMessage, Sheet
from kouan.declarations.models.summaries import Summary, SummaryEntry

__all__ = [
    "Case",
    "Document",
    "DocumentVersion",
    "Draft",
    "DraftMessage",
    "GoodsLine",
    "NamedParcel",
    "NodeFinding",
    "OfficialAnswer",
    "Sheet",
    "Summary",
    "SummaryEntry",
    "TaxBill",
    "UnplacedAnswer",
]
