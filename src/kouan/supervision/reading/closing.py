"""Where the words of a document end: before what puts it into force, its signature, its annexes and its foot."""

from __future__ import annotations

import re

from kouan.supervision.reading.numbering import Node

_CLOSING = re.compile(
    r"[ *#]*(?:附 *件 *[\d一二三四五六七八九十]{0,3} *:?|抄送|抄报|主送|\(此件|\(联系人|-{3,}|_{3,}|"
    r"(?:本|此|以上|上述|各)?(?:通知|意见|措施|政策措施|政策|方案|办法|文件|规定|细则|实施意见|条款)[^\n。]{0,40}(?:自|由|从|有效期|施行|执行|解释)|"
    r"(?:19|20)\d{2} ?年 ?\d{1,2} ?月 ?\d{1,2} ?日 *(?:$|印发)|"
    r"[一二][〇○零一二三四五六七八九]{3}年[一二三四五六七八九十]+月|"
    r"[\u4e00-\u9fff()]{2,30}(?:人民政府|办公厅|办公室|委员会|管委会|国务院)[ ]*$)"
)


def end_of_body(flow: str, last: Node, end: int) -> int:
    """Give where in the flow the last numbered place of a part ends. end: of the part."""
    at = flow.find("\n", last.start, end)
    while 0 <= at < end:
        stop = flow.find("\n", at + 1, end)
        stop = end if stop < 0 else stop
        if _CLOSING.match(flow, at + 1, stop):
            return at
        at = stop if stop < end else -1
    return end
