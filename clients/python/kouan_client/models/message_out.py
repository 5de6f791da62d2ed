from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.node_out import NodeOut


T = TypeVar("T", bound="MessageOut")


@_attrs_define
class MessageOut:
    """一份报文办到哪里 / one message that was received, and how far it is

    Attributes:
        message_id (UUID):
        kind (str): 报文编号，如 621；DecMessage 为报关单 / the number of its kind
        guid (str):
        received_at (datetime.datetime):
        open_steps (list[str]): 尚待进行的步骤，空为办完 / steps still to be done; none when it is over
        is_parked (bool): 搁置，须人工处理 / set aside until somebody looks at it
        accepted (int): 成为版本的单证数 / documents that became a version
        nodes (list[NodeOut]):
    """

    message_id: UUID
    kind: str
    guid: str
    received_at: datetime.datetime
    open_steps: list[str]
    is_parked: bool
    accepted: int
    nodes: list[NodeOut]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        message_id = str(self.message_id)

        kind = self.kind

        guid = self.guid

        received_at = self.received_at.isoformat()

        open_steps = self.open_steps

        is_parked = self.is_parked

        accepted = self.accepted

        nodes = []
        for nodes_item_data in self.nodes:
            nodes_item = nodes_item_data.to_dict()
            nodes.append(nodes_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "message_id": message_id,
                "kind": kind,
                "guid": guid,
                "received_at": received_at,
                "open_steps": open_steps,
                "is_parked": is_parked,
                "accepted": accepted,
                "nodes": nodes,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.node_out import NodeOut  # noqa: PLC0415

        d = dict(src_dict)
        message_id = UUID(d.pop("message_id"))

        kind = d.pop("kind")

        guid = d.pop("guid")

        received_at = datetime.datetime.fromisoformat(d.pop("received_at"))

        open_steps = cast(list[str], d.pop("open_steps"))

        is_parked = d.pop("is_parked")

        accepted = d.pop("accepted")

        nodes = []
        _nodes = d.pop("nodes")
        for nodes_item_data in _nodes:
            nodes_item = NodeOut.from_dict(nodes_item_data)

            nodes.append(nodes_item)

        message_out = cls(
            message_id=message_id,
            kind=kind,
            guid=guid,
            received_at=received_at,
            open_steps=open_steps,
            is_parked=is_parked,
            accepted=accepted,
            nodes=nodes,
        )

        message_out.additional_properties = d
        return message_out

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
