"""Which CEB messages there are, how each is built, and what reading one gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from kouan.records.problems import Loss, Problem, has_error

from . import declarations as d
from . import export_declarations as e
from . import export_receipts as er
from . import export_returns as back
from . import export_summaries as sums
from . import export_transport as way
from . import receipts as r

NAMESPACE = "http://www.chinaport.gov.cn/ceb"
SIGNATURE_NAMESPACE = "http://www.w3.org/2000/09/xmldsig#"
STANDARD = "ceb"
MOST_NODES, MOST_LINES = 10_000, 100_000  # read of one message and of one node where the schema sets no limit


@dataclass(frozen=True, slots=True)
class Faults:
    """The official error codes of one kind of message, by what is wrong. Source: handbook 202205, tables 7-1, 7-2."""

    field: str
    empty: str = "0002"
    too_many: str = "0002"
    no_lines: str = ""
    repeated_line: str = ""
    signature_missing: str = "1001"
    signature_mismatch: str = "1004"
    signature_invalid: str = "1001"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of CEB message.

    node: element of a business node. head_element: the block inside it, None where the node itself carries the fields.
    max_nodes, min_lines, max_lines: as the schema sets them; None where it sets none. signature: ``required`` by schema
    or handbook, ``optional``, or ``none`` (receipts). receipt: the kind that answers it.
    """

    code: str
    zh: str
    en: str
    node: str
    head: type
    head_element: str | None
    faults: Faults
    line: type | None = None
    line_element: str | None = None
    max_nodes: int | None = 100
    max_lines: int | None = 99
    min_lines: int = 1
    signature: str = "none"
    receipt: str | None = None

    @property
    def root(self) -> str:
        """The name of the root element."""
        return f"CEB{self.code}Message"

    @property
    def most_nodes_read(self) -> int:
        """How many nodes are read of a message that has more than it may: enough to answer them, not any number."""
        return MOST_NODES if self.max_nodes is None else 10 * self.max_nodes

    @property
    def most_lines_read(self) -> int:
        """How many lines are read of a node that has more than it may."""
        return MOST_LINES if self.max_lines is None else 10 * self.max_lines

    @property
    def is_declaration(self) -> bool:
        """True for what firms send, false for what comes back."""
        return self.receipt is not None


_EXPORT = Faults("-912001", empty="-912002", too_many="-912003", no_lines="-912004", repeated_line="-912005")
"""Of every export document: the handbook gives error codes for import alone, so these are of Kouan's range."""

KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("311", "电子订单", "order", "Order", d.OrderHead, "OrderHead",
             Faults("-301008", empty="-301007", too_many="-301015", no_lines="-301001",
                    repeated_line="-301002"),
             d.OrderLine, "OrderList", signature="optional", receipt="312"),
        Kind("312", "订单回执", "order receipt", "OrderReturn", r.OrderReceipt, None, Faults("0002")),
        Kind("411", "支付凭证", "payment voucher", "Payment", d.PaymentHead, "PaymentHead",
             Faults("-401009", empty="-401005", too_many="-401013"), signature="optional", receipt="412"),
        Kind("412", "支付凭证回执", "payment receipt", "PaymentReturn", r.PaymentReceipt, None, Faults("0002")),
        Kind("511", "物流运单", "waybill", "Logistics", d.WaybillHead, "LogisticsHead",
             Faults("-504011", empty="-504010", too_many="-504013"), signature="optional", receipt="512"),
        Kind("512", "运单回执", "waybill receipt", "LogisticsReturn", r.WaybillReceipt, None, Faults("0002")),
        Kind("513", "物流运单状态", "waybill status", "LogisticsStatus", d.WaybillStatusHead, None,
             Faults("-505011", empty="-505010", too_many="-505013"), signature="optional", receipt="514"),
        Kind("514", "运单状态回执", "waybill status receipt", "LogisticsStatusReturn", r.WaybillStatusReceipt, None,
             Faults("0002")),
        Kind("621", "进口清单", "import list", "Inventory", d.ListHead, "InventoryHead",
             Faults("-621001", empty="-621024", too_many="-621030", no_lines="-621000",
                    repeated_line="-621027", signature_missing="-621026",
                    signature_mismatch="-621028", signature_invalid="-621029"),
             d.ListLine, "InventoryList", signature="required", receipt="622"),
        Kind("622", "清单回执", "list receipt", "InventoryReturn", r.ListReceipt, None, Faults("0002")),
        Kind("623", "撤销申请单", "request to cancel", "InvtCancel", d.CancelHead, None,
             Faults("-623001", empty="-623000", too_many="-623008", signature_missing="-623017",
                    signature_mismatch="-623029", signature_invalid="-623029"),
             signature="required", receipt="624"),
        Kind("624", "撤销回执", "cancel receipt", "InvtCancelReturn", r.CancelReceipt, None, Faults("0002")),
        Kind("625", "退货申请单", "request to return", "InvtRefund", d.ReturnHead, "InvtRefundHead",
             Faults("-625001", empty="-625003", too_many="-625001", no_lines="-625006",
                    repeated_line="-625001", signature_missing="-625028",
                    signature_mismatch="-625005", signature_invalid="-625005"),
             d.ReturnLine, "InvtRefundList", signature="required", receipt="626"),
        Kind("626", "退货回执", "return receipt", "InvtRefundReturn", r.ReturnReceipt, None, Faults("0002")),
        Kind("711", "入库明细单", "inbound detail", "Delivery", d.InboundHead, "DeliveryHead",
             Faults("-800001", empty="-800002", too_many="-800006", no_lines="-800000", repeated_line="-800001"),
             d.InboundLine, "DeliveryList", max_nodes=1, max_lines=None, signature="required", receipt="712"),
        Kind("712", "入库明细回执", "inbound receipt", "DeliveryReturn", r.InboundReceipt, None, Faults("0002")),
        Kind("816", "电子税单", "tax bill", "Tax", r.TaxHead, "TaxHeadRd", Faults("0002", no_lines="0002"),
             r.TaxLine, "TaxListRd", max_nodes=None),
        Kind("818", "电子税单状态", "tax bill status", "Tax", r.TaxStatus, "TaxHeadStatus", Faults("0002"),
             max_nodes=None),
        Kind("303", "出口订单", "export order", "Order", e.ExportOrderHead, "OrderHead", _EXPORT,
             e.ExportOrderLine, "OrderList", max_lines=100, signature="optional", receipt="304"),
        Kind("304", "出口订单回执", "export order receipt", "OrderReturn", er.ExportOrderReceipt, None, Faults("0002")),
        Kind("403", "收款单", "receipt of payment", "Receipts", e.ReceiptHead, None, _EXPORT, signature="optional",
             receipt="404"),
        Kind("404", "收款单回执", "receipt of a receipt of payment", "ReceiptsReturn", er.ReceiptReceipt, None,
             Faults("0002")),
        Kind("505", "出口运单", "export waybill", "Logistics", e.ExportWaybillHead, None, _EXPORT, signature="optional",
             receipt="506"),
        Kind("506", "出口运单回执", "export waybill receipt", "LogisticsReturn", er.ExportWaybillReceipt, None,
             Faults("0002")),
        Kind("507", "运抵单", "arrival", "Arrival", way.ArrivalHead, "ArrivalHead", _EXPORT, way.ArrivalLine,
             "ArrivalList", max_lines=None, min_lines=0, signature="required", receipt="508"),
        Kind("508", "运抵单回执", "arrival receipt", "ArrivalReturn", er.ArrivalReceipt, None, Faults("0002")),
        Kind("509", "离境单", "departure", "Departure", way.DepartureHead, "DepartureHead", _EXPORT, way.DepartureLine,
             "DepartureList", max_lines=None, signature="optional", receipt="510"),
        Kind("510", "离境单回执", "departure receipt", "DepartureReturn", er.DepartureReceipt, None, Faults("0002")),
        Kind("603", "出口清单", "export list", "Inventory", e.ExportListHead, "InventoryHead", _EXPORT,
             e.ExportListLine, "InventoryList", max_lines=100, signature="required", receipt="604"),
        Kind("604", "出口清单回执", "export list receipt", "InventoryReturn", er.ExportListReceipt, None,
             Faults("0002")),
        Kind("605", "出口撤销申请单", "request to cancel an export list", "InvtCancel", e.ExportCancelHead, None,
             _EXPORT, signature="required", receipt="606"),
        Kind("606", "出口撤销回执", "export cancel receipt", "InvtCancelReturn", er.ExportCancelReceipt, None,
             Faults("0002")),
        Kind("607", "清单总分单", "master bill", "WayBill", way.MasterBillHead, "WayBillHead", _EXPORT,
             way.MasterBillLine, "WayBillList", max_lines=None, signature="required", receipt="608"),
        Kind("608", "总分单回执", "master bill receipt", "WayBillReturn", er.MasterBillReceipt, None, Faults("0002")),
        Kind("701", "汇总申请单", "summary application", "SummaryApply", sums.SummaryHead, "SummaryApplyHead", _EXPORT,
             sums.SummaryLine, "SummaryApplyList", max_lines=None, min_lines=0, signature="required", receipt="702"),
        Kind("702", "汇总申请回执", "summary receipt", "SummaryReturn", sums.SummaryReceipt, None, Faults("0002")),
        Kind("792", "汇总结果单", "summary result", "SummaryResult", sums.SummaryResultHead, "SummaryResultHead",
             Faults("0002"), sums.SummaryResultLine, "SummaryResultList", max_lines=None, min_lines=0),
        Kind("213", "出口退货申请单", "request to return exported goods", "InvtRefund", back.ExportReturnHead,
             "InvtRefundHead", _EXPORT, back.ExportReturnLine, "InvtRefundList", max_lines=100, signature="required",
             receipt="214"),
        Kind("214", "出口退货回执", "export return receipt", "RefundReturn", back.ExportReturnReceipt, None,
             Faults("0002")),
        Kind("215", "退运理货明细单", "tally of returned goods", "InvtRefundDetail", back.ReturnTallyHead, None,
             _EXPORT, signature="required", receipt="216"),
        Kind("216", "退运理货回执", "return tally receipt", "InvtRefundDetailReturn", back.ReturnTallyReceipt, None,
             Faults("0002")),
        Kind("900", "报文格式校验回执", "format check receipt", "MessageReturn", r.FormatReceipt, None, Faults("0002"),
             max_nodes=1),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one message may be. Beyond it, reading is refused before any memory is spent on it.

    Real messages stay below the four megabytes that the data exchange platform carries. elements: of the whole
    document, counted by their tags before it is parsed. attributes: counted by their equals signs.
    """

    size: int = 16 * 1024 * 1024
    elements: int = 300_000
    attributes: int = 100_000


LIMITS = Limits()


class UnreadableMessage(Exception):
    """The bytes are no message that can be read; nothing of them was taken.

    code: of the official table 7-1 (``0001`` not well-formed, ``0002`` against the schema) or of Kouan's range.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.code} {problem.en}")
        self.problem = problem

    @property
    def code(self) -> str:
        """The error code."""
        return self.problem.code


@dataclass(slots=True)
class Node:
    """One business document inside a message: the unit of work.

    index: its place in the message, from 1. digest: BLAKE2b of 16 bytes over the kind and everything the node says
    except its guid, absent and empty being the same; so a document sent again under a new serial number has the same
    digest, and one of the same ``app_time`` with other content has not. problems: of this node alone.
    """

    index: int
    head: Any
    lines: list[Any]
    digest: bytes
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        """True if a problem refuses this node."""
        return has_error(self.problems)


@dataclass(slots=True)
class Envelope:
    """A message as read: what carries the nodes, and the nodes.

    problems: of the envelope; an error among them refuses the whole message. loss: what was there and is not kept in
    the types (unknown elements, second copies, comments on leaves); the raw bytes still have it.
    """

    kind: str
    guid: str | None
    version: str | None
    nodes: list[Node]
    transfer: d.BaseTransfer | None = None
    subscribes: list[d.BaseSubscribe] = field(default_factory=list)
    extend: d.ExtendMessage | None = None
    signature_present: bool = False
    problems: list[Problem] = field(default_factory=list)
    loss: list[Loss] = field(default_factory=list)
    standard: str = STANDARD

    @property
    def is_refused(self) -> bool:
        """True if a problem of the envelope refuses the whole message."""
        return has_error(self.problems)

    def all_problems(self) -> Iterator[Problem]:
        """Go through the problems of the envelope and then of every node."""
        yield from self.problems
        for node in self.nodes:
            yield from node.problems
