from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.acknowledgement_out import AcknowledgementOut
    from ..models.problem import Problem


T = TypeVar("T", bound="ConflictsOut")


@_attrs_define
class ConflictsOut:
    """部分报文的 guid 已被占用：只留存、不处理 / some guids were taken: those messages are kept and not worked on

    Attributes:
        received_at (datetime.datetime):
        messages (list[AcknowledgementOut]):
        problems (list[Problem]):
    """

    received_at: datetime.datetime
    messages: list[AcknowledgementOut]
    problems: list[Problem]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        received_at = self.received_at.isoformat()

        messages = []
        for messages_item_data in self.messages:
            messages_item = messages_item_data.to_dict()
            messages.append(messages_item)

        problems = []
        for problems_item_data in self.problems:
            problems_item = problems_item_data.to_dict()
            problems.append(problems_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "received_at": received_at,
                "messages": messages,
                "problems": problems,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.acknowledgement_out import AcknowledgementOut  # noqa: PLC0415
        from ..models.problem import Problem  # noqa: PLC0415

        d = dict(src_dict)
        received_at = datetime.datetime.fromisoformat(d.pop("received_at"))

        messages = []
        _messages = d.pop("messages")
        for messages_item_data in _messages:
            messages_item = AcknowledgementOut.from_dict(messages_item_data)

            messages.append(messages_item)

        problems = []
        _problems = d.pop("problems")
        for problems_item_data in _problems:
            problems_item = Problem.from_dict(problems_item_data)

            problems.append(problems_item)

        conflicts_out = cls(
            received_at=received_at,
            messages=messages,
            problems=problems,
        )

        conflicts_out.additional_properties = d
        return conflicts_out

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
