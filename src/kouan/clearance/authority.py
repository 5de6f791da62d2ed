"""Who may say what about a parcel declaration, and how the answer reaches us. Pure.

Customs' decisions on goods are only ever relayed: there is no act, screen or timer here that makes one. The agencies
below that have no connected system record their own local acts; none of these releases goods.
"""

from __future__ import annotations

from dataclasses import dataclass

from kouan.clearance.codes import Way

CUSTOMS = "customs"


@dataclass(frozen=True, slots=True)
class Authority:
    """One agency's part in a parcel declaration: its act, the way of its answer, and the law behind it."""

    agency: str
    act_zh: str
    act_en: str
    way: Way
    source: str


PARCEL_AUTHORITIES: dict[str, Authority] = {
    authority.agency: authority
    for authority in (
        Authority(
            CUSTOMS,
            "审核、查验、征税、放行",
            "examines, inspects, taxes, releases",
            Way.RELAYED,
            "中华人民共和国海关法 第二十八条、第二十九条；统一版报文规范（202205版）清单回执",
        ),
        Authority(
            "market_supervision",
            "商品质量与消费者权益的属地意见",
            "local opinion on product quality and consumer rights",
            Way.RECORDED,
            "武政〔2018〕33号 二（三）1 前推后移、协同办理",
        ),
        Authority(
            "tax",
            "税收事项的属地意见",
            "local opinion on tax",
            Way.RECORDED,
            "武政〔2018〕33号 二（三）1 前推后移、协同办理",
        ),
    )
}


GOODS_AUTHORITIES: dict[str, Authority] = {
    authority.agency: authority
    for authority in (
        Authority(
            CUSTOMS,
            "审核、查验、征税、放行",
            "examines, inspects, taxes, releases",
            Way.RELAYED,
            "中华人民共和国海关法 第二十四条、第二十八条、第二十九条；国家单一窗口货物申报回执",
        ),
        *(
            Authority(agency, act_zh, act_en, Way.RECORDED, "武政〔2018〕33号 二（三）1 前推后移、协同办理")
            for agency, act_zh, act_en in (
                (
                    "market_supervision",
                    "商品质量与消费者权益的属地意见",
                    "local opinion on quality and consumers",
                ),
                ("agriculture", "动植物及其产品的属地意见", "local opinion on animals, plants and their products"),
                ("emergency", "危险化学品存放与作业的属地意见", "local opinion on dangerous chemicals"),
                ("police", "管制物品的属地意见", "local opinion on controlled articles"),
            )
        ),
    )
}
"""The agencies of a goods declaration. Customs' word alone moves it; the opinions of the others release nothing."""


def way_of(agency: str) -> Way:
    """Tell how an agency's answer reaches us; an agency without a connected system records it here."""
    authority = PARCEL_AUTHORITIES.get(agency)
    return authority.way if authority else Way.RECORDED
