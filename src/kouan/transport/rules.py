"""What must hold of a supervision place before it is kept. No database."""

import re
from collections.abc import Sequence

from kouan.transport.codes import GoodsKind, PlaceKind
from kouan.transport.types import PlaceNotAcceptable

_PLACE_CODE = re.compile(r"[0-9A-Za-z]{1,10}")
_CUSTOMS_CODE = re.compile(r"[0-9]{2}[A-Z0-9]{2}")
MOST_GATES = 20


def check_place(
    *, code: str, name_zh: str, kind: str, customs_code: str, goods_kinds: Sequence[str], gates: Sequence[str]
) -> None:
    """Refuse what cannot be a supervision place; raises PlaceNotAcceptable for the first field that is wrong.

    Sources: loctNo is at most 10 characters (CEB 202205); a customs district is two digits and two characters.
    """
    if not _PLACE_CODE.fullmatch(code):
        raise PlaceNotAcceptable(
            "code", "场所代码应为 1 至 10 位字母或数字", "The code of a place has 1 to 10 letters or digits"
        )
    if not name_zh.strip():
        raise PlaceNotAcceptable("name_zh", "请填写场所名称", "The place needs a name")
    if kind not in PlaceKind.values:
        raise PlaceNotAcceptable("kind", f"没有“{kind}”这一场所类型", f"There is no kind of place {kind!r}")
    if not _CUSTOMS_CODE.fullmatch(customs_code):
        raise PlaceNotAcceptable(
            "customs_code",
            "主管海关代码应为 4 位：两位数字加两位数字或大写字母",
            "A customs code has two digits and two digits or capital letters",
        )
    strange = [kind for kind in goods_kinds if kind not in GoodsKind.values]
    if strange:
        raise PlaceNotAcceptable(
            "goods_kinds", f"没有“{strange[0]}”这一货物类别", f"There is no kind of goods {strange[0]!r}"
        )
    if len(gates) > MOST_GATES or any(not gate.strip() or len(gate) > 40 for gate in gates):
        raise PlaceNotAcceptable(
            "gates",
            f"卡口至多 {MOST_GATES} 个，名称 1 至 40 字",
            f"At most {MOST_GATES} gates, 1 to 40 characters each",
        )
