from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="CaseOut")


@_attrs_define
class CaseOut:
    """一票申报办到哪里 / where one parcel declaration stands

    Attributes:
        case_id (UUID):
        internal_no (str): 企业内部编号 / the firm's own number
        list_no (str): 清单编号，海关生成 / the number that customs gave, empty before
        direction (str): I 进口，E 出口 / I in, E out
        version (int): 现版本 / the version that counts
        match (str): 四单对碰：waiting 待，matched 一致，mismatched 不一致 / the match of the documents
        wait_reason (str): 尚缺的单证，逗号分隔 / documents that are missing
        state (str): 状态，见文档“状态” / where it stands; new words may come, treat unknown ones as text
        waits_for (str): 等待谁 / whose turn it is
        state_since (datetime.datetime):
        official_status (str): 最近的官方回执状态，空为尚无 / the latest official status, empty for none
        released_at (datetime.datetime | None):
        left_at (datetime.datetime | None): 离开监管场所 / when it left its place
        departed_at (datetime.datetime | None): 出口货物离境 / when an export left the country
    """

    case_id: UUID
    internal_no: str
    list_no: str
    direction: str
    version: int
    match: str
    wait_reason: str
    state: str
    waits_for: str
    state_since: datetime.datetime
    official_status: str
    released_at: datetime.datetime | None
    left_at: datetime.datetime | None
    departed_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        case_id = str(self.case_id)

        internal_no = self.internal_no

        list_no = self.list_no

        direction = self.direction

        version = self.version

        match = self.match

        wait_reason = self.wait_reason

        state = self.state

        waits_for = self.waits_for

        state_since = self.state_since.isoformat()

        official_status = self.official_status

        released_at: None | str
        if isinstance(self.released_at, datetime.datetime):
            released_at = self.released_at.isoformat()
        else:
            released_at = self.released_at

        left_at: None | str
        if isinstance(self.left_at, datetime.datetime):
            left_at = self.left_at.isoformat()
        else:
            left_at = self.left_at

        departed_at: None | str
        if isinstance(self.departed_at, datetime.datetime):
            departed_at = self.departed_at.isoformat()
        else:
            departed_at = self.departed_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "case_id": case_id,
                "internal_no": internal_no,
                "list_no": list_no,
                "direction": direction,
                "version": version,
                "match": match,
                "wait_reason": wait_reason,
                "state": state,
                "waits_for": waits_for,
                "state_since": state_since,
                "official_status": official_status,
                "released_at": released_at,
                "left_at": left_at,
                "departed_at": departed_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        case_id = UUID(d.pop("case_id"))

        internal_no = d.pop("internal_no")

        list_no = d.pop("list_no")

        direction = d.pop("direction")

        version = d.pop("version")

        match = d.pop("match")

        wait_reason = d.pop("wait_reason")

        state = d.pop("state")

        waits_for = d.pop("waits_for")

        state_since = datetime.datetime.fromisoformat(d.pop("state_since"))

        official_status = d.pop("official_status")

        def _parse_released_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                released_at_type_0 = datetime.datetime.fromisoformat(data)

                return released_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        released_at = _parse_released_at(d.pop("released_at"))

        def _parse_left_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                left_at_type_0 = datetime.datetime.fromisoformat(data)

                return left_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        left_at = _parse_left_at(d.pop("left_at"))

        def _parse_departed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                departed_at_type_0 = datetime.datetime.fromisoformat(data)

                return departed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        departed_at = _parse_departed_at(d.pop("departed_at"))

        case_out = cls(
            case_id=case_id,
            internal_no=internal_no,
            list_no=list_no,
            direction=direction,
            version=version,
            match=match,
            wait_reason=wait_reason,
            state=state,
            waits_for=waits_for,
            state_since=state_since,
            official_status=official_status,
            released_at=released_at,
            left_at=left_at,
            departed_at=departed_at,
        )

        case_out.additional_properties = d
        return case_out

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
