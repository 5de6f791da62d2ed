from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.erased_receipt_out import ErasedReceiptOut
    from ..models.receipt_out import ReceiptOut


T = TypeVar("T", bound="ReceiptsOut")


@_attrs_define
class ReceiptsOut:
    """待确认的回执，最早的在前 / answers that wait to be confirmed, oldest first

    Attributes:
        receipts (list[ReceiptOut]):
        erased (list[ErasedReceiptOut]): 原文已不能读取的回执，同样须确认；一般为空 / answers whose bytes cannot be read any more, to be
            confirmed like the others; usually empty
    """

    receipts: list[ReceiptOut]
    erased: list[ErasedReceiptOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        receipts = []
        for receipts_item_data in self.receipts:
            receipts_item = receipts_item_data.to_dict()
            receipts.append(receipts_item)

        erased = []
        for erased_item_data in self.erased:
            erased_item = erased_item_data.to_dict()
            erased.append(erased_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "receipts": receipts,
                "erased": erased,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.erased_receipt_out import ErasedReceiptOut  # noqa: PLC0415
        from ..models.receipt_out import ReceiptOut  # noqa: PLC0415

        d = dict(src_dict)
        receipts = []
        _receipts = d.pop("receipts")
        for receipts_item_data in _receipts:
            receipts_item = ReceiptOut.from_dict(receipts_item_data)

            receipts.append(receipts_item)

        erased = []
        _erased = d.pop("erased")
        for erased_item_data in _erased:
            erased_item = ErasedReceiptOut.from_dict(erased_item_data)

            erased.append(erased_item)

        receipts_out = cls(
            receipts=receipts,
            erased=erased,
        )

        receipts_out.additional_properties = d
        return receipts_out

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
