"""The envelope of the data exchange platform and its response. Source: interface of the platform, its schema.

Each line: our word · the standard's word · form (``an..16`` at most 16 characters) · need.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from kouan.records.problems import Loss, Problem

NAMESPACE = "http://www.chinaport.gov.cn/dxp"
STANDARD = "dxp"

# Who receives CEB messages at customs (as seen in practice).
CUSTOMS_IMPORT, CUSTOMS_EXPORT = "DXPEDCCEB0000002", "DXPEDCCEB0000003"


@dataclass(slots=True)
class TransferInfo:
    """Who sends what to whom ``TransInfo``."""

    message_id: str = ""  # CopMsgId · an..255 · M · unique for the sender
    sender: str = ""  # SenderId · an..16 · M
    receivers: list[str] = field(default_factory=list)  # ReceiverIds/ReceiverId · an..16 · M, 1 to 5
    created: str = ""  # CreatTime · dateTime · M
    message_type: str = ""  # MsgType · an..30 · M, may be empty


@dataclass(slots=True)
class AdditionalInfo:
    """What else sender and receiver agreed on ``AddInfo``."""

    file_name: str | None = None  # FileName · an..255 · O
    card: str | None = None  # IcCard · an..13 · O
    business_keys: list[tuple[str, str]] = field(default_factory=list)  # BizKey/Key and its name · O, 1 to 5
    text_encoding: str | None = None  # IsText/@Encode · O; None: not said to be text
    receiver_map: str | None = None  # RecMapId · an..16 · O


@dataclass(slots=True)
class Message:
    """One envelope ``DxpMsg`` with the business message inside, byte for byte."""

    info: TransferInfo
    data: bytes  # Data · base64 · M
    additional: AdditionalInfo | None = None  # AddInfo · O
    identifier: str | None = None  # @Id · O
    version: str = "1.0"  # @ver · M
    signature_present: bool = False
    problems: list[Problem] = field(default_factory=list)
    loss: list[Loss] = field(default_factory=list)


@dataclass(slots=True)
class Result:
    """What became of the message at one receiver ``Result``."""

    receiver: str = ""  # RecId · an..16 · M
    code: str = ""  # Code · an..9 · M
    info: str | None = None  # Info · an..300 · O
    note: str | None = None  # Note · an..500 · O


@dataclass(slots=True)
class Response:
    """One answer of the platform ``Response``."""

    code: str = ""  # ResponseCode · an..9 · M
    info: str | None = None  # ResponseInfo · an..300 · O
    node: str | None = None  # NodeId · an..8 · O
    results: list[Result] = field(default_factory=list)  # Results/Result · O
    notice_date: str = ""  # NoticeTime · date · M
    note: str | None = None  # Note · an..500 · O
    original: TransferInfo = field(default_factory=TransferInfo)  # OriHead · M


@dataclass(slots=True)
class Report:
    """The answers of the platform to a user ``DxpRep``."""

    receiver: str  # RecevierId (the standard's own spelling) · an..16 · M
    responses: list[Response] = field(default_factory=list)  # Response · M, 1 or more
    node: str | None = None  # AdNodeId · an..8 · O
    version: str = "1.0"  # @ver · M
    problems: list[Problem] = field(default_factory=list)
    loss: list[Loss] = field(default_factory=list)


# ResponseCode and Code, in our words.
RESPONSE_CODES: dict[str, tuple[str, str]] = {
    "0": ("接收成功", "received"),
    "-1201001": ("报文合法性校验不通过", "the message is not valid"),
    "-1201002": ("传输签名验证不通过", "the signature of the transfer does not verify"),
    "-1201003": ("用户信息已变更", "the user's data have changed"),
    "-1201004": ("接收用户不存在", "the receiver does not exist"),
    "-1201005": ("接收用户不可用", "the receiver is not available"),
    "-1201006": ("节点未注册", "the node is not registered"),
    "-1201007": ("部分接收方未成功", "not every receiver was reached"),
    "-1201008": ("接收用户异常", "the receiver is in an abnormal state"),
}


def response_meaning(code: str) -> tuple[str, str]:
    """Say what a response code means, in Chinese and English; an unknown one is called unknown."""
    return RESPONSE_CODES.get(code, (f"未知响应码 {code}", f"unknown response code {code}"))
