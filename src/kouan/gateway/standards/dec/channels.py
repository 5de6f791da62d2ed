"""The channels of a business receipt: which state of a goods declaration customs or its systems report.

Source: the table of channels of the receipt ``DEC_RESULT``. The meaning is told in our words. ``issuer`` says whose
word it is: ``client`` the import client, ``centre`` the data centre of the single window, ``customs`` customs itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Issuer = Literal["client", "centre", "customs"]


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel: its code, what it says, and who says it."""

    code: str
    zh: str
    en: str
    issuer: Issuer


CHANNELS: dict[str, Channel] = {
    one.code: one
    for one in (
        Channel("2", "客户端已接收，上载发往数据中心", "taken by the client, on its way to be saved", "client"),
        Channel("6", "客户端已接收，申报发往数据中心", "taken by the client, on its way to be declared", "client"),
        Channel("N", "需重传文件", "a file has to be sent again", "client"),
        Channel("3", "上载成功", "saved", "centre"),
        Channel("4", "上载失败", "saving failed", "centre"),
        Channel("7", "申报成功", "declared", "centre"),
        Channel("8", "已上载，无申报权限", "saved, no right to declare", "centre"),
        Channel("9", "上载申报失败，须联系数据中心", "saved, declaring failed: ask the data centre", "centre"),
        Channel("Y", "申报失败", "declaring failed", "centre"),
        Channel("L", "海关已接收", "received by customs", "customs"),
        Channel("E", "不被受理", "not accepted", "customs"),
        Channel("H", "需手工申报", "to be declared by hand", "customs"),
        Channel("Z", "退回修改", "returned for correction", "customs"),
        Channel("G", "已审结", "examined", "customs"),
        Channel("T", "需交税费", "tax and fees due", "customs"),
        Channel("B", "担保放行", "released on guarantee", "customs"),
        Channel("F", "放行交单", "released", "customs"),
        Channel("R", "已结关", "closed", "customs"),
        Channel("D", "海关删单", "deleted by customs", "customs"),
        Channel("M", "重审", "examined again", "customs"),
        Channel("W", "审结、查验或放行通知", "notice of examination, inspection or release", "customs"),
        Channel("I", "审结、查验或放行通知", "notice of examination, inspection or release", "customs"),
        Channel("C", "查验通知", "inspection ordered", "customs"),
        Channel("S", "施检", "inspection and quarantine under way", "customs"),
        Channel("a", "签证", "certificate issued", "customs"),
    )
}


def meaning_of(code: str) -> tuple[str, str]:
    """Say what a channel means, in Chinese and English; an unknown one is called unknown."""
    known = CHANNELS.get(code)
    return (known.zh, known.en) if known else (f"未知官方状态 {code}", f"unknown official state {code}")
