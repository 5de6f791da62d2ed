from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ReceiptOut")


@_attrs_define
class ReceiptOut:
    """一份回执及其原文 / one answer with its bytes untouched

    Attributes:
        receipt_id (UUID):
        issuer (str): 出具方：kouan 本平台，national 国家标准版 / who speaks
        kind (str): check 为本平台校验结果（JSON），其余为官方报文编号，如 622 / `check` is Kouan's own result (JSON), all else the number of
            an official message
        answers (None | UUID): 所答复的报文 / the message that it answers
        issued_at (datetime.datetime):
        node_count (int): 单证数 / documents
        refused_count (int): 未通过的单证数 / documents that were refused
        body_base64 (str): 原文（Base64），一字不改 / the bytes (Base64), untouched
    """

    receipt_id: UUID
    issuer: str
    kind: str
    answers: None | UUID
    issued_at: datetime.datetime
    node_count: int
    refused_count: int
    body_base64: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        receipt_id = str(self.receipt_id)

        issuer = self.issuer

        kind = self.kind

        answers: None | str
        if isinstance(self.answers, UUID):
            answers = str(self.answers)
        else:
            answers = self.answers

        issued_at = self.issued_at.isoformat()

        node_count = self.node_count

        refused_count = self.refused_count

        body_base64 = self.body_base64

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "receipt_id": receipt_id,
                "issuer": issuer,
                "kind": kind,
                "answers": answers,
                "issued_at": issued_at,
                "node_count": node_count,
                "refused_count": refused_count,
                "body_base64": body_base64,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        receipt_id = UUID(d.pop("receipt_id"))

        issuer = d.pop("issuer")

        kind = d.pop("kind")

        def _parse_answers(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                answers_type_0 = UUID(data)

                return answers_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        answers = _parse_answers(d.pop("answers"))

        issued_at = datetime.datetime.fromisoformat(d.pop("issued_at"))

        node_count = d.pop("node_count")

        refused_count = d.pop("refused_count")

        body_base64 = d.pop("body_base64")

        receipt_out = cls(
            receipt_id=receipt_id,
            issuer=issuer,
            kind=kind,
            answers=answers,
            issued_at=issued_at,
            node_count=node_count,
            refused_count=refused_count,
            body_base64=body_base64,
        )

        receipt_out.additional_properties = d
        return receipt_out

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
