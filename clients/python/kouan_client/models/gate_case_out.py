from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="GateCaseOut")


@_attrs_define
class GateCaseOut:
    """答复所依据的一票申报 / one case that the answer rests on

    Attributes:
        case_id (UUID):
        internal_no (str):
        list_no (str):
        waybill_no (str):
        direction (str): I 进口，E 出口 / I in, E out
        official_status (str):
        reason (str):
    """

    case_id: UUID
    internal_no: str
    list_no: str
    waybill_no: str
    direction: str
    official_status: str
    reason: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        case_id = str(self.case_id)

        internal_no = self.internal_no

        list_no = self.list_no

        waybill_no = self.waybill_no

        direction = self.direction

        official_status = self.official_status

        reason = self.reason

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "case_id": case_id,
                "internal_no": internal_no,
                "list_no": list_no,
                "waybill_no": waybill_no,
                "direction": direction,
                "official_status": official_status,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        case_id = UUID(d.pop("case_id"))

        internal_no = d.pop("internal_no")

        list_no = d.pop("list_no")

        waybill_no = d.pop("waybill_no")

        direction = d.pop("direction")

        official_status = d.pop("official_status")

        reason = d.pop("reason")

        gate_case_out = cls(
            case_id=case_id,
            internal_no=internal_no,
            list_no=list_no,
            waybill_no=waybill_no,
            direction=direction,
            official_status=official_status,
            reason=reason,
        )

        gate_case_out.additional_properties = d
        return gate_case_out

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
