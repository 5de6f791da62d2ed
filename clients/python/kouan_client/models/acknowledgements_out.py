from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.acknowledgement_out import AcknowledgementOut


T = TypeVar("T", bound="AcknowledgementsOut")


@_attrs_define
class AcknowledgementsOut:
    """请求体内的全部报文，按原次序 / every message of the body, in its order

    Attributes:
        received_at (datetime.datetime):
        messages (list[AcknowledgementOut]):
    """

    received_at: datetime.datetime
    messages: list[AcknowledgementOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        received_at = self.received_at.isoformat()

        messages = []
        for messages_item_data in self.messages:
            messages_item = messages_item_data.to_dict()
            messages.append(messages_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "received_at": received_at,
                "messages": messages,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.acknowledgement_out import AcknowledgementOut  # noqa: PLC0415

        d = dict(src_dict)
        received_at = datetime.datetime.fromisoformat(d.pop("received_at"))

        messages = []
        _messages = d.pop("messages")
        for messages_item_data in _messages:
            messages_item = AcknowledgementOut.from_dict(messages_item_data)

            messages.append(messages_item)

        acknowledgements_out = cls(
            received_at=received_at,
            messages=messages,
        )

        acknowledgements_out.additional_properties = d
        return acknowledgements_out

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
