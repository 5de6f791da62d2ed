from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.gate_case_out import GateCaseOut
    from ..models.gate_goods_out import GateGoodsOut


T = TypeVar("T", bound="GateOut")


@_attrs_define
class GateOut:
    """能否离场、为什么、截至何时 / may it leave, why, and as of when

    Attributes:
        check_id (UUID): 登记离场时回传 / to be given when the goods leave
        may_leave (bool):
        reason (str): released 已放行，not_released 未放行，never_answered 官方未答复，left_already 已离场，departed 已离境，withdrawn
            已撤回，undeclared 有到货未见申报，too_many 票数过多，unknown 本场所没有 / why
        as_of (datetime.datetime):
        cases (list[GateCaseOut]):
        goods (list[GateGoodsOut]):
        undeclared_waybills (list[str]):
    """

    check_id: UUID
    may_leave: bool
    reason: str
    as_of: datetime.datetime
    cases: list[GateCaseOut]
    goods: list[GateGoodsOut]
    undeclared_waybills: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        check_id = str(self.check_id)

        may_leave = self.may_leave

        reason = self.reason

        as_of = self.as_of.isoformat()

        cases = []
        for cases_item_data in self.cases:
            cases_item = cases_item_data.to_dict()
            cases.append(cases_item)

        goods = []
        for goods_item_data in self.goods:
            goods_item = goods_item_data.to_dict()
            goods.append(goods_item)

        undeclared_waybills = self.undeclared_waybills

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "check_id": check_id,
                "may_leave": may_leave,
                "reason": reason,
                "as_of": as_of,
                "cases": cases,
                "goods": goods,
                "undeclared_waybills": undeclared_waybills,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.gate_case_out import GateCaseOut  # noqa: PLC0415
        from ..models.gate_goods_out import GateGoodsOut  # noqa: PLC0415

        d = dict(src_dict)
        check_id = UUID(d.pop("check_id"))

        may_leave = d.pop("may_leave")

        reason = d.pop("reason")

        as_of = datetime.datetime.fromisoformat(d.pop("as_of"))

        cases = []
        _cases = d.pop("cases")
        for cases_item_data in _cases:
            cases_item = GateCaseOut.from_dict(cases_item_data)

            cases.append(cases_item)

        goods = []
        _goods = d.pop("goods")
        for goods_item_data in _goods:
            goods_item = GateGoodsOut.from_dict(goods_item_data)

            goods.append(goods_item)

        undeclared_waybills = cast(list[str], d.pop("undeclared_waybills"))

        gate_out = cls(
            check_id=check_id,
            may_leave=may_leave,
            reason=reason,
            as_of=as_of,
            cases=cases,
            goods=goods,
            undeclared_waybills=undeclared_waybills,
        )

        gate_out.additional_properties = d
        return gate_out

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
