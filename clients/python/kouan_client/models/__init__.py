"""Contains all the data models used in inputs/outputs"""

from .acknowledgement_out import AcknowledgementOut
from .acknowledgements_out import AcknowledgementsOut
from .arrivals_in import ArrivalsIn
from .arrivals_out import ArrivalsOut
from .case_out import CaseOut
from .confirm_in import ConfirmIn
from .confirmed_out import ConfirmedOut
from .conflicts_out import ConflictsOut
from .erased_receipt_out import ErasedReceiptOut
from .gate_case_out import GateCaseOut
from .gate_goods_out import GateGoodsOut
from .gate_in import GateIn
from .gate_out import GateOut
from .goods_out import GoodsOut
from .leaving_in import LeavingIn
from .leaving_out import LeavingOut
from .message_out import MessageOut
from .node_out import NodeOut
from .problem import Problem
from .problem_severity import ProblemSeverity
from .problems import Problems
from .receipt_out import ReceiptOut
from .receipts_out import ReceiptsOut

__all__ = (
    "AcknowledgementOut",
    "AcknowledgementsOut",
    "ArrivalsIn",
    "ArrivalsOut",
    "CaseOut",
    "ConfirmedOut",
    "ConfirmIn",
    "ConflictsOut",
    "ErasedReceiptOut",
    "GateCaseOut",
    "GateGoodsOut",
    "GateIn",
    "GateOut",
    "GoodsOut",
    "LeavingIn",
    "LeavingOut",
    "MessageOut",
    "NodeOut",
    "Problem",
    "Problems",
    "ProblemSeverity",
    "ReceiptOut",
    "ReceiptsOut",
)
