from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="GateGoodsOut")


@_attrs_define
class GateGoodsOut:
    """答复所依据的一份报关单 / one goods declaration that the answer rests on

    Attributes:
        declaration_id (UUID):
        client_no (str):
        entry_no (str): 海关编号 / number that customs gave
        bill_no (str):
        container_nos (list[str]):
        direction (str): I 进口，E 出口 / I in, E out
        official_channel (str): 最近的官方回执状态 / the latest official channel
        reason (str):
    """

    declaration_id: UUID
    client_no: str
    entry_no: str
    bill_no: str
    container_nos: list[str]
    direction: str
    official_channel: str
    reason: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        declaration_id = str(self.declaration_id)

        client_no = self.client_no

        entry_no = self.entry_no

        bill_no = self.bill_no

        container_nos = self.container_nos

        direction = self.direction

        official_channel = self.official_channel

        reason = self.reason

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "declaration_id": declaration_id,
                "client_no": client_no,
                "entry_no": entry_no,
                "bill_no": bill_no,
                "container_nos": container_nos,
                "direction": direction,
                "official_channel": official_channel,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        declaration_id = UUID(d.pop("declaration_id"))

        client_no = d.pop("client_no")

        entry_no = d.pop("entry_no")

        bill_no = d.pop("bill_no")

        container_nos = cast(list[str], d.pop("container_nos"))

        direction = d.pop("direction")

        official_channel = d.pop("official_channel")

        reason = d.pop("reason")

        gate_goods_out = cls(
            declaration_id=declaration_id,
            client_no=client_no,
            entry_no=entry_no,
            bill_no=bill_no,
            container_nos=container_nos,
            direction=direction,
            official_channel=official_channel,
            reason=reason,
        )

        gate_goods_out.additional_properties = d
        return gate_goods_out

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
