from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ConfirmIn")


@_attrs_define
class ConfirmIn:
    """贵方已存妥的回执 / receipts that are safe at your side

    Attributes:
        receipt_ids (list[UUID]):
    """

    receipt_ids: list[UUID]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        receipt_ids = []
        for receipt_ids_item_data in self.receipt_ids:
            receipt_ids_item = str(receipt_ids_item_data)
            receipt_ids.append(receipt_ids_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "receipt_ids": receipt_ids,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        receipt_ids = []
        _receipt_ids = d.pop("receipt_ids")
        for receipt_ids_item_data in _receipt_ids:
            receipt_ids_item = UUID(receipt_ids_item_data)

            receipt_ids.append(receipt_ids_item)

        confirm_in = cls(
            receipt_ids=receipt_ids,
        )

        confirm_in.additional_properties = d
        return confirm_in

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
