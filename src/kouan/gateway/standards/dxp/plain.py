"""Envelopes of the data exchange platform as plain objects for JSON, in the platform's own words."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from .types import AdditionalInfo, Message, Report, Response, Result, TransferInfo


class NotAnEnvelope(ValueError):
    """The object does not describe an envelope or a report."""


def message_to_plain(message: Message) -> dict[str, Any]:
    """Give an envelope as a plain object; what is inside as base64."""
    plain: dict[str, Any] = {"ver": message.version, "TransInfo": _info_to_plain(message.info),
                             "Data": base64.b64encode(message.data).decode()}  # fmt: skip
    if message.identifier is not None:
        plain["Id"] = message.identifier
    if (more := message.additional) is not None:
        plain["AddInfo"] = _filled(
            FileName=more.file_name,
            IcCard=more.card,
            BizKey=[{"name": name, "value": value} for name, value in more.business_keys] or None,
            IsText=more.text_encoding,
            RecMapId=more.receiver_map,
        )
    return plain


def message_from_plain(plain: Any) -> Message:
    """Make an envelope of a plain object. Raises NotAnEnvelope."""
    try:
        more = plain.get("AddInfo")
        additional = more if more is None else AdditionalInfo(
            more.get("FileName"), more.get("IcCard"),
            [(one["name"], one["value"]) for one in more.get("BizKey") or []],
            more.get("IsText"), more.get("RecMapId"),
        )  # fmt: skip
        data = base64.b64decode(plain["Data"], validate=True)
        return Message(_info_from_plain(plain["TransInfo"]), data, additional, plain.get("Id"))
    except (KeyError, TypeError, AttributeError, binascii.Error) as fault:
        raise NotAnEnvelope(f"{type(fault).__name__}: {fault}") from None


def report_to_plain(report: Report) -> dict[str, Any]:
    """Give a report as a plain object."""
    return _filled(
        ver=report.version,
        RecevierId=report.receiver,
        AdNodeId=report.node,
        Response=[
            _filled(
                NodeId=one.node,
                ResponseCode=one.code,
                ResponseInfo=one.info,
                Results=[
                    _filled(RecId=result.receiver, Code=result.code, Info=result.info, Note=result.note)
                    for result in one.results
                ]
                or None,
                NoticeTime=one.notice_date,
                Note=one.note,
                OriHead=_info_to_plain(one.original),
            )
            for one in report.responses
        ],
    )


def report_from_plain(plain: Any) -> Report:
    """Make a report of a plain object. Raises NotAnEnvelope."""
    try:
        responses = [
            Response(
                code=one["ResponseCode"],
                info=one.get("ResponseInfo"),
                node=one.get("NodeId"),
                results=[
                    Result(result["RecId"], result["Code"], result.get("Info"), result.get("Note"))
                    for result in one.get("Results") or []
                ],
                notice_date=one["NoticeTime"],
                note=one.get("Note"),
                original=_info_from_plain(one["OriHead"]),
            )
            for one in plain["Response"]
        ]
        return Report(plain["RecevierId"], responses, plain.get("AdNodeId"))
    except (KeyError, TypeError, AttributeError) as fault:
        raise NotAnEnvelope(f"{type(fault).__name__}: {fault}") from None


def _info_to_plain(info: TransferInfo) -> dict[str, Any]:
    return {"CopMsgId": info.message_id, "SenderId": info.sender, "ReceiverIds": list(info.receivers),
            "CreatTime": info.created, "MsgType": info.message_type}  # fmt: skip


def _info_from_plain(plain: Any) -> TransferInfo:
    return TransferInfo(plain["CopMsgId"], plain["SenderId"], list(plain["ReceiverIds"]), plain["CreatTime"],
                        plain.get("MsgType") or "")  # fmt: skip


def _filled(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
