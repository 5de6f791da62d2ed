from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="GoodsOut")


@_attrs_define
class GoodsOut:
    """一份报关单办到哪里 / where one goods declaration stands

    Attributes:
        declaration_id (UUID):
        client_no (str): 企业编号 / the firm's own number
        seq_no (str): 统一编号，数据中心生成，此前为空 / number of the data centre, empty before
        entry_no (str): 海关编号，此前为空 / number that customs gave, empty before
        direction (str): I 进口，E 出口 / I in, E out
        version (int): 现版本 / the version that counts
        step (str): 两步申报：outline 概要，complete 完整；其他为空 / step of a two-step declaration
        state (str): 状态，见文档“状态” / where it stands; new words may come, treat unknown ones as text
        waits_for (str): 等待谁 / whose turn it is
        state_since (datetime.datetime):
        official_channel (str): 最近的官方回执状态（channel），空为尚无 / the latest official channel, empty for none
        official_at (datetime.datetime | None):
        tax (str): 税款：due 待缴，paid 已缴等，空为无 / where the tax stands, empty for none
        due_date (None | str): 须办理的期限（日期）/ the day by which to act
        due_for (str): 期限事项：declare、complete、arrive、pay / what is due by then
        declared_at (datetime.datetime | None): 海关接受申报 / when customs accepted it
        released_at (datetime.datetime | None):
        left_at (datetime.datetime | None): 离开监管场所 / when it left its place
    """

    declaration_id: UUID
    client_no: str
    seq_no: str
    entry_no: str
    direction: str
    version: int
    step: str
    state: str
    waits_for: str
    state_since: datetime.datetime
    official_channel: str
    official_at: datetime.datetime | None
    tax: str
    due_date: None | str
    due_for: str
    declared_at: datetime.datetime | None
    released_at: datetime.datetime | None
    left_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        declaration_id = str(self.declaration_id)

        client_no = self.client_no

        seq_no = self.seq_no

        entry_no = self.entry_no

        direction = self.direction

        version = self.version

        step = self.step

        state = self.state

        waits_for = self.waits_for

        state_since = self.state_since.isoformat()

        official_channel = self.official_channel

        official_at: None | str
        if isinstance(self.official_at, datetime.datetime):
            official_at = self.official_at.isoformat()
        else:
            official_at = self.official_at

        tax = self.tax

        due_date: None | str
        due_date = self.due_date

        due_for = self.due_for

        declared_at: None | str
        if isinstance(self.declared_at, datetime.datetime):
            declared_at = self.declared_at.isoformat()
        else:
            declared_at = self.declared_at

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

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "declaration_id": declaration_id,
                "client_no": client_no,
                "seq_no": seq_no,
                "entry_no": entry_no,
                "direction": direction,
                "version": version,
                "step": step,
                "state": state,
                "waits_for": waits_for,
                "state_since": state_since,
                "official_channel": official_channel,
                "official_at": official_at,
                "tax": tax,
                "due_date": due_date,
                "due_for": due_for,
                "declared_at": declared_at,
                "released_at": released_at,
                "left_at": left_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        declaration_id = UUID(d.pop("declaration_id"))

        client_no = d.pop("client_no")

        seq_no = d.pop("seq_no")

        entry_no = d.pop("entry_no")

        direction = d.pop("direction")

        version = d.pop("version")

        step = d.pop("step")

        state = d.pop("state")

        waits_for = d.pop("waits_for")

        state_since = datetime.datetime.fromisoformat(d.pop("state_since"))

        official_channel = d.pop("official_channel")

        def _parse_official_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                official_at_type_0 = datetime.datetime.fromisoformat(data)

                return official_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        official_at = _parse_official_at(d.pop("official_at"))

        tax = d.pop("tax")

        def _parse_due_date(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        due_date = _parse_due_date(d.pop("due_date"))

        due_for = d.pop("due_for")

        def _parse_declared_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                declared_at_type_0 = datetime.datetime.fromisoformat(data)

                return declared_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        declared_at = _parse_declared_at(d.pop("declared_at"))

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

        goods_out = cls(
            declaration_id=declaration_id,
            client_no=client_no,
            seq_no=seq_no,
            entry_no=entry_no,
            direction=direction,
            version=version,
            step=step,
            state=state,
            waits_for=waits_for,
            state_since=state_since,
            official_channel=official_channel,
            official_at=official_at,
            tax=tax,
            due_date=due_date,
            due_for=due_for,
            declared_at=declared_at,
            released_at=released_at,
            left_at=left_at,
        )

        goods_out.additional_properties = d
        return goods_out

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
