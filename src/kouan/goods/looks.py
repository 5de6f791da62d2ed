"""What the states of goods declarations look like, and how parties are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kouan.gateway.standards.dec.channels import CHANNELS
from kouan.goods.codes import GoodsFinding
from kouan.goods.states import ApplicationState, GoodsState, Party, state_of_channel
from kouan.screens.formats import is_english
from kouan.screens.pieces import Chip, Tone, register_chips, to_chip

STATE_CHIPS: dict[GoodsState, Chip] = {
    GoodsState.AWAITING_CHANNEL: Chip(_("等待转发"), Tone.RUNNING),
    GoodsState.SENT: Chip(_("已发送，等待导入"), Tone.RUNNING),
    GoodsState.IMPORT_FAILED: Chip(_("导入失败"), Tone.REFUSED),
    GoodsState.SAVED: Chip(_("已暂存，待签名申报"), Tone.WAITING),
    GoodsState.DECLARED: Chip(_("申报成功"), Tone.RUNNING),
    GoodsState.DECLARING_FAILED: Chip(_("申报失败"), Tone.REFUSED),
    GoodsState.RECEIVED: Chip(_("海关已接收"), Tone.RUNNING),
    GoodsState.FILE_WANTED: Chip(_("需重传文件"), Tone.WAITING),
    GoodsState.BY_HAND: Chip(_("需手工申报"), Tone.WAITING),
    GoodsState.NOT_ACCEPTED: Chip(_("不被受理"), Tone.REFUSED),
    GoodsState.RETURNED: Chip(_("退回修改"), Tone.REFUSED),
    GoodsState.EXAMINED: Chip(_("已审结"), Tone.RUNNING),
    GoodsState.EXAMINED_AGAIN: Chip(_("重审"), Tone.WAITING),
    GoodsState.TAX_DUE: Chip(_("需交税费"), Tone.WAITING),
    GoodsState.INSPECTED: Chip(_("查验中"), Tone.WAITING, "search"),
    GoodsState.GUARANTEED: Chip(_("担保放行"), Tone.DONE),
    GoodsState.RELEASED: Chip(_("已放行"), Tone.DONE),
    GoodsState.CLOSED: Chip(_("已结关"), Tone.DONE),
    GoodsState.DELETED: Chip(_("海关删单"), Tone.REFUSED),
    GoodsState.UNKNOWN_OFFICIAL: Chip(_("未知官方状态"), Tone.UNKNOWN),
}
PARTY_WORDS = {
    Party.KOUAN: _("本平台"),
    Party.WINDOW: _("国家单一窗口"),
    Party.DECLARANT: _("申报单位"),
    Party.CUSTOMS: _("海关"),
    Party.NOBODY: _("无需等待"),
}


def register() -> None:
    """Give the states their chips."""
    register_chips("goods", STATE_CHIPS)
    register_chips(
        "goods_application",
        {
            ApplicationState.ASKED: Chip(_("待海关答复"), Tone.WAITING),
            ApplicationState.APPROVED: Chip(_("海关同意，待办理"), Tone.WAITING),
            ApplicationState.REFUSED: Chip(_("海关不同意"), Tone.REFUSED),
            ApplicationState.TAKEN_BACK: Chip(_("已收回"), Tone.IDLE),
            ApplicationState.CARRIED_OUT: Chip(_("已办理"), Tone.DONE),
        },
    )
    register_chips(
        "goods_finding",
        {
            GoodsFinding.REFUSED: Chip(_("校验未通过"), Tone.REFUSED),
            GoodsFinding.WARNED: Chip(_("通过并有提示"), Tone.WAITING),
            GoodsFinding.SAME: Chip(_("重复报送"), Tone.IDLE),
            GoodsFinding.NOT_YOURS: Chip(_("无权报送"), Tone.REFUSED),
        },
    )


def channel_chip(kind: str, code: str) -> Chip:
    """The chip of an official answer: the standard's own word for its channel, never a guess."""
    if kind in ("DecResponse", "ClientFail"):
        taken = code == "0"
        return Chip(_("导入成功，已暂存") if taken else _("导入失败"), Tone.DONE if taken else Tone.REFUSED)
    known = CHANNELS.get(code)
    if known is None:
        return Chip(_("未知官方状态 %(code)s") % {"code": code}, Tone.UNKNOWN)
    state = state_of_channel(code)
    tone = to_chip(state, "goods").tone if state else Tone.IDLE
    return Chip(known.en if is_english() else known.zh, Tone.DONE if tone == Tone.RUNNING else tone)
