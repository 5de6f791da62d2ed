"""What a ``returnStatus`` says, and whose word it is.

1 to 4 are the electronic port's, 100 and above customs' (handbook 202205; 300 and 500 to 700 as seen in practice).
Below zero stands an error code. 90 to 99 are Kouan's own: no official state lies there, so nobody takes an
acknowledgement of Kouan for one of the port or of customs. A status that is not listed stays what it is: unknown.
"""

from __future__ import annotations

from dataclasses import dataclass

from .codes import CODES


@dataclass(frozen=True, slots=True)
class Status:
    """One meaning of ``returnStatus``. issuer: ``port``, ``customs``, ``kouan``, or ``unknown``."""

    code: str
    name: str
    zh: str
    en: str
    issuer: str
    kinds: tuple[str, ...] = ()

    @property
    def is_official(self) -> bool:
        """True for the word of the port or of customs, known or not."""
        return self.issuer != "kouan"


_IMPORT = ("312", "412", "512", "514", "622", "624", "626", "712")
_EXPORT = ("304", "404", "506", "508", "510", "604", "606", "608", "702", "214", "216")
_ALL = _IMPORT + _EXPORT
_ENTERED = (*_IMPORT, "304", "404", "604", "608", "214")
_EXAMINED = ("622", "624", "626", "712", "506", "508", "510", "604", "606", "702", "216")
_LISTS = ("622", "604")
_GOODS = (*_LISTS, "214")
_LIST = ("622",)

ACKNOWLEDGED, CHECKED, WAITING, FORWARDED = "90", "91", "92", "93"

STATUSES: dict[str, Status] = {
    one.code: one
    for one in (
        Status("1", "stored_at_port", "电子口岸已暂存", "stored at the electronic port", "port", _ALL),
        Status("2", "declaring", "电子口岸申报中", "being declared by the electronic port", "port", _ALL),
        Status("3", "sent_to_customs", "发送海关成功", "sent to customs", "port", _ALL),
        Status("4", "not_sent_to_customs", "发送海关失败", "could not be sent to customs", "port", _ALL),
        Status("100", "returned", "海关退单", "returned by customs", "customs", _ALL),
        Status("120", "entered", "海关入库", "entered by customs", "customs", _ENTERED),
        Status("300", "under_review", "人工审核", "under review by an officer", "customs", _GOODS),
        Status("399", "examined", "海关审结", "examined by customs", "customs", _EXAMINED),
        Status("500", "under_inspection", "查验", "under inspection", "customs", _GOODS),
        Status("501", "detained_for_clearance", "扣留移送通关", "detained, handed to clearance", "customs", _LIST),
        Status("502", "detained_for_smuggling", "扣留移送缉私", "detained, handed to anti-smuggling", "customs", _LIST),
        Status("503", "detained_for_law", "扣留移送法规", "detained, handed to legal affairs", "customs", _LIST),
        Status("505", "handed_over", "移交", "handed over", "customs", ("214",)),
        Status("599", "detained", "其他扣留", "detained for another reason", "customs", _LIST),
        Status("600", "suspended", "挂起", "suspended", "customs", ("622", "214")),
        Status("700", "sent_back", "退运", "sent back abroad", "customs", _LIST),
        Status("800", "released", "放行", "released", "customs", _GOODS),
        Status("899", "closed", "结关", "closed", "customs", _LISTS),
        Status(ACKNOWLEDGED, "acknowledged", "口岸平台已收妥", "received and stored by Kouan", "kouan", _ALL),
        Status(CHECKED, "checked", "口岸平台校验通过", "checked by Kouan, nothing wrong", "kouan", _ALL),
        Status(WAITING, "waiting", "口岸平台等待配齐单证", "waiting at Kouan for the other documents", "kouan", _ALL),
        Status(FORWARDED, "forwarded", "口岸平台已转发", "forwarded by Kouan", "kouan", _ALL),
    )
}

TAX_BILL_STATUSES = {
    "1": ("已生成", "made"),
    "2": ("已汇总", "summed up"),
    "3": ("作废", "void"),
}


def status_of(code: str) -> Status:
    """Say what a ``returnStatus`` means; an unknown one is called unknown, with its number, and never guessed."""
    known = STATUSES.get(code)
    if known:
        return known
    if code.startswith("-"):
        error = CODES.get(code)
        zh, en = (error.zh, error.en) if error else (f"未知错误码 {code}", f"unknown error code {code}")
        issuer = "kouan" if error and error.is_own else "port"
        return Status(code, "failed", zh, en, issuer)
    return Status(code, "unknown", f"未知官方状态 {code}", f"unknown official state {code}", "unknown")
