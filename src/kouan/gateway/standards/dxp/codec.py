"""Envelopes of the data exchange platform: opened within bounds, and written byte for byte.

What is inside travels as base64 and is never looked at here, so that a signed message comes out as it went in.
"""

from __future__ import annotations

import base64
import binascii
import re
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from kouan.gateway.standards.xmldsig.documents import SIGNATURE, UnparsableDocument, parse, root_name
from kouan.records.problems import Loss, Problem

from .types import NAMESPACE, AdditionalInfo, Message, Report, Response, Result, TransferInfo

LARGEST = 24 * 1024 * 1024  # bytes of an envelope; the platform itself carries 4 MB, four thirds of it as base64
_MOST_RECEIVERS, _MOST_KEYS, _MOST_ELEMENTS = 5, 5, 20_000
_DXP = f"{{{NAMESPACE}}}"
_LONGEST = {"CopMsgId": 255, "SenderId": 16, "ReceiverId": 16, "MsgType": 30, "FileName": 255, "IcCard": 13,
            "RecMapId": 16, "RecevierId": 16, "AdNodeId": 8, "NodeId": 8, "ResponseCode": 9, "ResponseInfo": 300,
            "RecId": 16, "Code": 9, "Info": 300, "Note": 500}  # fmt: skip
_WRONG_DECLARATION = re.compile(rb"""[ \t\r\n]+xmlns(?::[A-Za-z_][\w.-]*)?[ \t]*=[ \t]*(?:"##[a-z]*"|'##[a-z]*')""")


class UnreadableEnvelope(Exception):
    """The bytes are no envelope of the platform; nothing of them was taken."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.code} {problem.en}")
        self.problem = problem


def is_envelope(raw: bytes) -> bool:
    """Say, without parsing, whether the bytes begin like an envelope or a response of the platform."""
    return root_name(raw) in ("DxpMsg", "DxpRep")


def open_message(raw: bytes) -> Message:
    """Open an envelope ``DxpMsg``. Raises UnreadableEnvelope."""
    root = _root(raw, "DxpMsg")
    found = _Finder()
    info = found.transfer_info(root.find(_DXP + "TransInfo"), "/DxpMsg/TransInfo")
    data = root.find(_DXP + "Data")
    if data is None:
        raise UnreadableEnvelope(_problem("0002", "/DxpMsg/Data", "信封里没有 Data。", "The envelope holds no Data."))
    try:
        content = base64.b64decode("".join((data.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        raise UnreadableEnvelope(
            _problem("0001", "/DxpMsg/Data", "Data 不是 Base64。", "Data is not Base64.")
        ) from None
    additional = root.find(_DXP + "AddInfo")
    found.unknown(root, ("TransInfo", "Data", "AddInfo"), "/DxpMsg")
    return Message(
        info=info,
        data=content,
        additional=None if additional is None else found.additional(additional),
        identifier=root.get("Id"),
        version=root.get("ver") or "",
        signature_present=root.find(SIGNATURE) is not None,
        problems=found.version(root, "/DxpMsg") + found.problems,
        loss=found.loss,
    )


def read_report(raw: bytes) -> Report:
    """Read the platform's answers ``DxpRep``; a known defect of official ones is mended and told. Raises
    UnreadableEnvelope.
    """
    found = _Finder()
    mended = _WRONG_DECLARATION.sub(b"", raw)
    if mended != raw:
        found.problems.append(
            _problem("-914001", "/DxpRep/@xmlns", "命名空间声明“##other”无效，已忽略。",
                     "The namespace “##other” is not allowed and was left out.", severity="warning")
        )  # fmt: skip
        found.lose("/DxpRep/@xmlns", "##other")
    root = _root(mended, "DxpRep")
    responses = [
        found.response(one, f"/DxpRep/Response[{place}]")
        for place, one in enumerate(root.findall(_DXP + "Response"), 1)
    ]
    if not responses:
        found.problems.append(_problem("0002", "/DxpRep/Response", "没有响应。", "There is no response."))
    found.unknown(root, ("RecevierId", "AdNodeId", "Response"), "/DxpRep")
    return Report(
        receiver=found.text(root, "RecevierId", "/DxpRep") or "",
        responses=responses,
        node=found.text(root, "AdNodeId", "/DxpRep", needed=False),
        version=root.get("ver") or "",
        problems=found.version(root, "/DxpRep") + found.problems,
        loss=found.loss,
    )


def _root(raw: bytes, name: str) -> etree._Element:
    if len(raw) > LARGEST:
        raise UnreadableEnvelope(
            _problem("-910001", "", f"信封 {len(raw)} 字节，超过上限 {LARGEST} 字节。",
                     f"The envelope has {len(raw)} bytes; the limit is {LARGEST}.")
        )  # fmt: skip
    if raw.count(b"<") > 2 * _MOST_ELEMENTS:
        raise UnreadableEnvelope(_problem("-910002", "", "信封元素过多。", "The envelope has too many elements."))
    try:
        root = parse(raw, huge_text=True)
    except UnparsableDocument as fault:
        raise UnreadableEnvelope(
            _problem("0001", "", f"不是完整有效的 XML：{fault}。", f"This is not well-formed XML: {fault}.")
        ) from None
    if root.tag != _DXP + name:
        raise UnreadableEnvelope(_problem("0002", "", f"根元素不是 {name}。", f"The root element is not {name}."))
    return root


class _Finder:
    """Collects texts of an envelope, and what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.loss: list[Loss] = []

    def text(self, parent: etree._Element, name: str, pointer: str, *, needed: bool = True) -> str | None:
        found = parent.find(_DXP + name)
        if found is None:
            if needed:
                self.problems.append(_problem("0002", f"{pointer}/{name}", f"缺少 {name}。", f"{name} is missing."))
            return None
        value = found.text or ""
        longest = _LONGEST.get(name)
        if longest is not None and len(value) > longest:
            self.problems.append(
                _problem("0002", f"{pointer}/{name}", f"{name} 超过 {longest} 个字符。",
                         f"{name} has more than {longest} characters.")
            )  # fmt: skip
        return value

    def version(self, root: etree._Element, pointer: str) -> list[Problem]:
        if root.get("ver") == "1.0":
            return []
        return [_problem("0002", f"{pointer}/@ver", "版本不是 1.0。", "The version is not 1.0.", severity="warning")]

    def transfer_info(self, element: etree._Element | None, pointer: str) -> TransferInfo:
        if element is None:
            self.problems.append(_problem("0002", pointer, "缺少传输信息。", "The transfer information is missing."))
            return TransferInfo()
        receivers = [one.text or "" for one in element.iterfind(f"{_DXP}ReceiverIds/{_DXP}ReceiverId")]
        if not 1 <= len(receivers) <= _MOST_RECEIVERS:
            self.problems.append(
                _problem("0002", f"{pointer}/ReceiverIds", f"接收方 {len(receivers)} 个，应为 1 到 5 个。",
                         f"There are {len(receivers)} receivers; one to five are allowed.")
            )  # fmt: skip
        self.unknown(element, ("CopMsgId", "SenderId", "ReceiverIds", "CreatTime", "MsgType"), pointer)
        return TransferInfo(
            message_id=self.text(element, "CopMsgId", pointer) or "",
            sender=self.text(element, "SenderId", pointer) or "",
            receivers=receivers,
            created=self.text(element, "CreatTime", pointer) or "",
            message_type=self.text(element, "MsgType", pointer) or "",
        )

    def additional(self, element: etree._Element) -> AdditionalInfo:
        pointer = "/DxpMsg/AddInfo"
        is_text = element.find(_DXP + "IsText")
        keys = [(one.get("name") or "", one.text or "") for one in element.iterfind(f"{_DXP}BizKey/{_DXP}Key")]
        if len(keys) > _MOST_KEYS:
            self.problems.append(
                _problem("0002", f"{pointer}/BizKey", f"业务关键字 {len(keys)} 个，超过 5 个。",
                         f"There are {len(keys)} business keys; five are allowed.")
            )  # fmt: skip
        self.unknown(element, ("FileName", "IcCard", "BizKey", "IsText", "RecMapId"), pointer)
        return AdditionalInfo(
            file_name=self.text(element, "FileName", pointer, needed=False),
            card=self.text(element, "IcCard", pointer, needed=False),
            business_keys=keys,
            text_encoding=None if is_text is None else is_text.get("Encode") or "",
            receiver_map=self.text(element, "RecMapId", pointer, needed=False),
        )

    def response(self, element: etree._Element, pointer: str) -> Response:
        results = [
            Result(
                receiver=self.text(one, "RecId", f"{pointer}/Result") or "",
                code=self.text(one, "Code", f"{pointer}/Result") or "",
                info=self.text(one, "Info", f"{pointer}/Result", needed=False),
                note=self.text(one, "Note", f"{pointer}/Result", needed=False),
            )
            for one in element.iterfind(f"{_DXP}Results/{_DXP}Result")
        ]
        return Response(
            code=self.text(element, "ResponseCode", pointer) or "",
            info=self.text(element, "ResponseInfo", pointer, needed=False),
            node=self.text(element, "NodeId", pointer, needed=False),
            results=results,
            notice_date=self.text(element, "NoticeTime", pointer) or "",
            note=self.text(element, "Note", pointer, needed=False),
            original=self.transfer_info(element.find(_DXP + "OriHead"), f"{pointer}/OriHead"),
        )

    def unknown(self, parent: etree._Element, names: tuple[str, ...], pointer: str) -> None:
        for child in parent:
            if isinstance(child.tag, str) and child.tag != SIGNATURE and child.tag not in {_DXP + one for one in names}:
                local = child.tag.rpartition("}")[2]
                self.problems.append(
                    _problem("-910022", f"{pointer}/{local}", "标准里没有这个元素，未采用。",
                             "The standard does not know this element; it is not used.", severity="warning")
                )  # fmt: skip
                self.lose(f"{pointer}/{local}", "".join(str(part) for part in child.itertext()).strip())

    def lose(self, pointer: str, value: str) -> None:
        self.loss.append(Loss(pointer, value, "标准没有这个位置，未收入", "the standard has no place for it"))


def _problem(code: str, pointer: str, zh: str, en: str, severity: str = "error") -> Problem:
    return Problem(code, pointer, "warning" if severity == "warning" else "error", zh, en,
                   "按数据交换平台接口规范生成信封。", "Follow the interface of the platform.")  # fmt: skip


# --- writing ------------------------------------------------------------------------------------------------------


class UnwritableEnvelope(ValueError):
    """An envelope that the platform would not take."""


def wrap(message: Message) -> bytes:
    """Write an envelope ``DxpMsg`` around the bytes of a message. Raises UnwritableEnvelope."""
    _refuse_incomplete(message.info)
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<dxp:DxpMsg ver="1.0"',
        f" Id={quoteattr(message.identifier)}" if message.identifier else "",
        f' xmlns:dxp="{NAMESPACE}">',
        _info_text("TransInfo", message.info, "dxp:"),
        f"<dxp:Data>{base64.b64encode(message.data).decode()}</dxp:Data>",
        _additional_text(message.additional) if message.additional else "",
        "</dxp:DxpMsg>",
    ]
    return _checked("".join(parts))


def write_report(report: Report) -> bytes:
    """Write the platform's answers ``DxpRep``; the counterpart that plays the platform uses it."""
    parts = [f'<?xml version="1.0" encoding="UTF-8"?>\n<DxpRep ver="1.0" xmlns="{NAMESPACE}">']
    parts.append(_element("RecevierId", report.receiver))
    parts.append(_optional("AdNodeId", report.node))
    for one in report.responses:
        results = "".join(
            "<Result>" + _element("RecId", result.receiver) + _element("Code", result.code)
            + _optional("Info", result.info) + _optional("Note", result.note) + "</Result>"
            for result in one.results
        )  # fmt: skip
        parts += [
            "<Response>",
            _optional("NodeId", one.node),
            _element("ResponseCode", one.code),
            _optional("ResponseInfo", one.info),
            f"<Results>{results}</Results>" if results else "",
            _element("NoticeTime", one.notice_date),
            _optional("Note", one.note),
            _info_text("OriHead", one.original),
            "</Response>",
        ]
    return _checked("".join(parts) + "</DxpRep>")


def _info_text(name: str, info: TransferInfo, tag: str = "") -> str:
    receivers = "".join(_element("ReceiverId", one, tag) for one in info.receivers)
    return (
        f"<{tag}{name}>" + _element("CopMsgId", info.message_id, tag) + _element("SenderId", info.sender, tag)
        + f"<{tag}ReceiverIds>{receivers}</{tag}ReceiverIds>" + _element("CreatTime", info.created, tag)
        + _element("MsgType", info.message_type, tag) + f"</{tag}{name}>"
    )  # fmt: skip


def _additional_text(info: AdditionalInfo) -> str:
    keys = "".join(f"<dxp:Key name={quoteattr(name)}>{escape(value)}</dxp:Key>" for name, value in info.business_keys)
    return (
        "<dxp:AddInfo>"
        + _optional("FileName", info.file_name, "dxp:")
        + _optional("IcCard", info.card, "dxp:")
        + (f"<dxp:BizKey>{keys}</dxp:BizKey>" if keys else "")
        + ("" if info.text_encoding is None else f"<dxp:IsText Encode={quoteattr(info.text_encoding)}/>")
        + _optional("RecMapId", info.receiver_map, "dxp:")
        + "</dxp:AddInfo>"
    )


def _element(name: str, value: str, tag: str = "") -> str:
    longest = _LONGEST.get(name)
    if longest is not None and len(value) > longest:
        raise UnwritableEnvelope(f"{name} has {len(value)} characters; {longest} are allowed")
    return f"<{tag}{name}>{escape(value)}</{tag}{name}>"


def _optional(name: str, value: str | None, tag: str = "") -> str:
    return "" if value is None else _element(name, value, tag)


def _refuse_incomplete(info: TransferInfo) -> None:
    if not (info.message_id and info.sender and info.created):
        raise UnwritableEnvelope("CopMsgId, SenderId and CreatTime are needed")
    if not 1 <= len(info.receivers) <= _MOST_RECEIVERS:
        raise UnwritableEnvelope("one to five receivers are needed")


def _checked(text: str) -> bytes:
    raw = text.encode()
    try:
        parse(raw, huge_text=True)
    except UnparsableDocument as fault:  # characters that XML cannot carry
        raise UnwritableEnvelope(str(fault)) from None
    return raw
