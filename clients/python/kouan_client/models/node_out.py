from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.problem import Problem


T = TypeVar("T", bound="NodeOut")


@_attrs_define
class NodeOut:
    """未直接入库的单证及原因 / a business document that did not simply become a version, and why

    Attributes:
        index (int): 报文内序号，从 1 起 / its place in the message, from 1
        finding (str): refused 未通过，warned 通过并有提示，same 重复，older 较旧，conflicting 冲突，not_yours 无权，held 待本单位复核 / what was
            found
        owner_code (str):
        number (str):
        problems (list[Problem]):
    """

    index: int
    finding: str
    owner_code: str
    number: str
    problems: list[Problem]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        index = self.index

        finding = self.finding

        owner_code = self.owner_code

        number = self.number

        problems = []
        for problems_item_data in self.problems:
            problems_item = problems_item_data.to_dict()
            problems.append(problems_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "index": index,
                "finding": finding,
                "owner_code": owner_code,
                "number": number,
                "problems": problems,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.problem import Problem  # noqa: PLC0415

        d = dict(src_dict)
        index = d.pop("index")

        finding = d.pop("finding")

        owner_code = d.pop("owner_code")

        number = d.pop("number")

        problems = []
        _problems = d.pop("problems")
        for problems_item_data in _problems:
            problems_item = Problem.from_dict(problems_item_data)

            problems.append(problems_item)

        node_out = cls(
            index=index,
            finding=finding,
            owner_code=owner_code,
            number=number,
            problems=problems,
        )

        node_out.additional_properties = d
        return node_out

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
