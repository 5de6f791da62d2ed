"""What a goods declaration message is made of, and what reading one gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from kouan.records.problems import Loss, Problem, has_error

from . import attached as a
from .fields import Edition
from .goods import GoodsLine
from .head import Head
from .tax import RiskResult, RoyaltyFee, TaxReport, TaxReportDetail, TaxReportLine
from .transit import TransitBill, TransitContainer, TransitGoods, TransitHead

NAMESPACE = "http://www.chinaport.gov.cn/dec"
STANDARD = "dec"
ROOT = "DecMessage"
MOST_LINES, MOST_CONTAINERS, MOST_DOCUMENTS = 50, 500, 7
SAVING = frozenset("AEG")
"""The operations that only save; the others declare."""


class UnreadableMessage(Exception):
    """The bytes are no message of this standard; nothing of them was taken."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.code} {problem.en}")
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Block:
    """One part of the message: where it stands, how often, and in which editions.

    name: our word. wrapper: the element around repeated blocks, empty where they stand in the root. needed: the schema
    wants the element (or its wrapper) even where it is empty. most: how many; 1 for a block that is not repeated.
    """

    name: str
    wrapper: str
    element: str
    block: type
    most: int = 1
    needed: bool = False
    is_list: bool = False
    later: bool = False


def _one(
    name: str, element: str, block: type, *, needed: bool = False, later: bool = False, wrapper: str = ""
) -> Block:
    return Block(name, wrapper, element, block, 1, needed, False, later)


def _many(name: str, wrapper: str, element: str, block: type, most: int, *, needed: bool = False, later: bool = False):
    return Block(name, wrapper, element, block, most, needed, True, later)


BLOCKS: tuple[Block, ...] = (
    _one("head", "DecHead", Head, needed=True),
    _many("lines", "DecLists", "DecList", GoodsLine, MOST_LINES, needed=True),
    _many("containers", "DecContainers", "Container", a.Container, MOST_CONTAINERS, needed=True),
    _many("documents", "DecLicenseDocus", "LicenseDocu", a.AccompanyingDocument, MOST_DOCUMENTS, needed=True),
    _many("certificates", "DecRequestCerts", "DecRequestCert", a.RequestedCertificate, 200),
    _many("packings", "DecOtherPacks", "DecOtherPack", a.OtherPacking, 200),
    _many("qualifications", "DecCopLimits", "DecCopLimit", a.Qualification, 200),
    _many("users", "DecUsers", "DecUser", a.EndUser, 200),
    _many("pictures", "DecMarkLobs", "DecMarkLob", a.MarkPicture, 20),
    _one("free_text", "DecFreeTxt", a.FreeText, needed=True),
    _one("signing", "DecSign", a.Signing, needed=True),
    _one("transit", "TrnHead", TransitHead),
    _one("transit_bill", "TrnList", TransitBill),
    _many("transit_containers", "TrnContainers", "TrnContainer", TransitContainer, MOST_CONTAINERS),
    _many("transit_goods", "TrnContaGoodsList", "TrnContaGoods", TransitGoods, 5_000),
    _many("attachments", "", "EdocRealation", a.Attachment, 10),
    _many("origin_links", "", "EcoRelation", a.OriginLink, 20),
    _one("tax_report", "SddTaxHead", TaxReport, wrapper="SddTax"),
    _many("tax_lines", "SddTax/SddTaxLists", "SddTaxList", TaxReportLine, 50),
    _many("tax_details", "SddTax/SddTaxDetails", "SddTaxDetail", TaxReportDetail, 500),
    _one("risk", "DecRisk", RiskResult),
    _many("promises", "DecCopPromises", "DecCopPromise", a.Promise, 20, later=True),
    _one("royalty", "DecRoyaltyFee", RoyaltyFee, later=True),
    _one("access", "DecTpAccess", a.TwoStageAccess, later=True),
    _many("controls", "", "DecControlModel", a.ControlElement, 500, later=True),
)
"""The parts in the order of the schema. ``later``: of the editions 4.x only; no schema of them is public, and where
they stand is taken from the field list."""

SUPPLEMENT_WRAPPER, SUPPLEMENT = "DecSupplementLists", "DecSupplementList"
MOST_SUPPLEMENTS = 60


@dataclass(slots=True)
class Declaration:
    """One goods declaration as its message says it.

    supplements: the supplementary sheets 补充申报单, each as its elements in their order; they are a form of their own.
    problems: everything wrong with it. loss: what was there and has no place here; the raw bytes still have it.
    """

    edition: Edition
    head: Head = field(default_factory=Head)
    lines: list[GoodsLine] = field(default_factory=list)
    containers: list[a.Container] = field(default_factory=list)
    documents: list[a.AccompanyingDocument] = field(default_factory=list)
    certificates: list[a.RequestedCertificate] = field(default_factory=list)
    packings: list[a.OtherPacking] = field(default_factory=list)
    qualifications: list[a.Qualification] = field(default_factory=list)
    users: list[a.EndUser] = field(default_factory=list)
    pictures: list[a.MarkPicture] = field(default_factory=list)
    free_text: a.FreeText = field(default_factory=a.FreeText)
    signing: a.Signing = field(default_factory=a.Signing)
    transit: TransitHead | None = None
    transit_bill: TransitBill | None = None
    transit_containers: list[TransitContainer] = field(default_factory=list)
    transit_goods: list[TransitGoods] = field(default_factory=list)
    supplements: list[list[tuple[str, str]]] = field(default_factory=list)
    attachments: list[a.Attachment] = field(default_factory=list)
    origin_links: list[a.OriginLink] = field(default_factory=list)
    tax_report: TaxReport | None = None
    tax_lines: list[TaxReportLine] = field(default_factory=list)
    tax_details: list[TaxReportDetail] = field(default_factory=list)
    risk: RiskResult | None = None
    promises: list[a.Promise] = field(default_factory=list)
    royalty: RoyaltyFee | None = None
    access: a.TwoStageAccess | None = None
    controls: list[a.ControlElement] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    loss: list[Loss] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        """True if a problem refuses the declaration."""
        return has_error(self.problems)

    @property
    def only_saves(self) -> bool:
        """True if the message asks to save (暂存), not to declare."""
        return (self.signing.operation or "G") in SAVING


Direction = Literal["I", "E"]
