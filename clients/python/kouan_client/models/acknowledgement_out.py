from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="AcknowledgementOut")


@_attrs_define
class AcknowledgementOut:
    """一份已存妥的报文 / one message that is on disk for good

    Attributes:
        message_id (UUID): 本平台的报文编号 / Kouan's id of the message
        guid (str): 报文自带的编号（guid），同一通道内唯一 / the message's own id, unique in a channel
        digest (str): 原文的 SHA-256 / SHA-256 of the bytes
        is_repeated (bool): 内容相同的报文此前已收 / the same bytes were here before
        conflicts_with (None | Unset | UUID): 该 guid 已用于另一内容的报文 / the message of other content for which the guid stands
    """

    message_id: UUID
    guid: str
    digest: str
    is_repeated: bool
    conflicts_with: None | Unset | UUID = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        message_id = str(self.message_id)

        guid = self.guid

        digest = self.digest

        is_repeated = self.is_repeated

        conflicts_with: None | str | Unset
        if isinstance(self.conflicts_with, Unset):
            conflicts_with = UNSET
        elif isinstance(self.conflicts_with, UUID):
            conflicts_with = str(self.conflicts_with)
        else:
            conflicts_with = self.conflicts_with

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "message_id": message_id,
                "guid": guid,
                "digest": digest,
                "is_repeated": is_repeated,
            }
        )
        if conflicts_with is not UNSET:
            field_dict["conflicts_with"] = conflicts_with

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        message_id = UUID(d.pop("message_id"))

        guid = d.pop("guid")

        digest = d.pop("digest")

        is_repeated = d.pop("is_repeated")

        def _parse_conflicts_with(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                conflicts_with_type_0 = UUID(data)

                return conflicts_with_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        conflicts_with = _parse_conflicts_with(d.pop("conflicts_with", UNSET))

        acknowledgement_out = cls(
            message_id=message_id,
            guid=guid,
            digest=digest,
            is_repeated=is_repeated,
            conflicts_with=conflicts_with,
        )

        acknowledgement_out.additional_properties = d
        return acknowledgement_out

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
