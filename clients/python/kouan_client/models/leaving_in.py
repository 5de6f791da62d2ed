from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="LeavingIn")


@_attrs_define
class LeavingIn:
    """凭肯定答复离场的货物 / goods that left on a positive answer

    Attributes:
        check_id (UUID):
        gate (str | Unset):  Default: ''.
        vehicle_no (str | Unset):  Default: ''.
    """

    check_id: UUID
    gate: str | Unset = ""
    vehicle_no: str | Unset = ""
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        check_id = str(self.check_id)

        gate = self.gate

        vehicle_no = self.vehicle_no

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "check_id": check_id,
            }
        )
        if gate is not UNSET:
            field_dict["gate"] = gate
        if vehicle_no is not UNSET:
            field_dict["vehicle_no"] = vehicle_no

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        check_id = UUID(d.pop("check_id"))

        gate = d.pop("gate", UNSET)

        vehicle_no = d.pop("vehicle_no", UNSET)

        leaving_in = cls(
            check_id=check_id,
            gate=gate,
            vehicle_no=vehicle_no,
        )

        leaving_in.additional_properties = d
        return leaving_in

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
