from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ArrivalsIn")


@_attrs_define
class ArrivalsIn:
    """同一提运单项下已入场的包裹 / parcels of one bill that were taken in

    Attributes:
        place_code (str): 本企业经营的监管场所 / a supervision place of this operator
        carrier_code (str): 物流企业代码 / code of the carrier
        waybill_nos (list[str]): 运单编号，一次至多 5000 个 / waybills, at most 5000 at once
        bill_no (str | Unset): 提运单号 / bill of lading or air waybill Default: ''.
        container_no (str | Unset): 箱号（ISO 6346） / container number Default: ''.
        location (str | Unset): 库位 / where it stands Default: ''.
        arrived_at (datetime.datetime | None | Unset): 到达时间，缺省为现在 / when it came, now by default
    """

    place_code: str
    carrier_code: str
    waybill_nos: list[str]
    bill_no: str | Unset = ""
    container_no: str | Unset = ""
    location: str | Unset = ""
    arrived_at: datetime.datetime | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        place_code = self.place_code

        carrier_code = self.carrier_code

        waybill_nos = self.waybill_nos

        bill_no = self.bill_no

        container_no = self.container_no

        location = self.location

        arrived_at: None | str | Unset
        if isinstance(self.arrived_at, Unset):
            arrived_at = UNSET
        elif isinstance(self.arrived_at, datetime.datetime):
            arrived_at = self.arrived_at.isoformat()
        else:
            arrived_at = self.arrived_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "place_code": place_code,
                "carrier_code": carrier_code,
                "waybill_nos": waybill_nos,
            }
        )
        if bill_no is not UNSET:
            field_dict["bill_no"] = bill_no
        if container_no is not UNSET:
            field_dict["container_no"] = container_no
        if location is not UNSET:
            field_dict["location"] = location
        if arrived_at is not UNSET:
            field_dict["arrived_at"] = arrived_at

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        place_code = d.pop("place_code")

        carrier_code = d.pop("carrier_code")

        waybill_nos = cast(list[str], d.pop("waybill_nos"))

        bill_no = d.pop("bill_no", UNSET)

        container_no = d.pop("container_no", UNSET)

        location = d.pop("location", UNSET)

        def _parse_arrived_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                arrived_at_type_0 = datetime.datetime.fromisoformat(data)

                return arrived_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        arrived_at = _parse_arrived_at(d.pop("arrived_at", UNSET))

        arrivals_in = cls(
            place_code=place_code,
            carrier_code=carrier_code,
            waybill_nos=waybill_nos,
            bill_no=bill_no,
            container_no=container_no,
            location=location,
            arrived_at=arrived_at,
        )

        arrivals_in.additional_properties = d
        return arrivals_in

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
