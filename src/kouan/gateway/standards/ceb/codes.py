"""Every error code of a CEB message: the official ones from the sender's side of the counter, and Kouan's own.

The meaning of the official codes is told in our words (source: handbook 202205, tables 7-1 and 7-2). Codes from
-910000 to -919999 are Kouan's: the standard has none for what they say, and nobody takes them for customs' word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kouan.records.problems import Problem, Severity

from .official_codes import OFFICIAL

OWN_RANGE = range(-919999, -909999)


@dataclass(frozen=True, slots=True)
class Code:
    """What a code means, and how to mend it. The texts may hold named places (``{count}``)."""

    code: str
    zh: str
    en: str
    fix_zh: str = ""
    fix_en: str = ""
    severity: Severity = "error"

    @property
    def is_own(self) -> bool:
        """True for a code of Kouan's range."""
        return self.code.startswith("-91") and len(self.code) == 7


_OWN = (
    # the message as a whole
    Code("-910001", "报文 {size} 字节，超过上限 {limit} 字节。", "The message has {size} bytes; the limit is {limit}.",
         "拆成几个报文发送。", "Send it in several messages."),
    Code("-910002", "报文元素超过 {limit} 个。", "The message has more than {limit} elements.",
         "拆成几个报文发送。", "Send it in several messages."),
    Code("-910003", "报文编码是 {encoding}，不是 UTF-8。", "The message is in {encoding}, not in UTF-8.",
         "改用 UTF-8；国家系统可能拒收。", "Use UTF-8; the national system may refuse others.", "warning"),
    Code("-910004", "报文含有文档类型声明（DOCTYPE），拒收。", "A document type declaration is not accepted.",
         "去掉 DOCTYPE 和实体定义。", "Remove DOCTYPE and entity declarations."),
    Code("-910005", "报文的等号超过 {limit} 个，属性过多。",
         "The message has more than {limit} equals signs, so too many attributes.",
         "去掉多余的属性。", "Remove needless attributes."),
    Code("-910010", "报文缺少 guid。", "The message has no guid.",
         "在根元素上加 36 位大写 guid。", "Give the root element a guid of 36 characters.", "warning"),
    Code("-910011", "报文 guid 有 {length} 个字符，应为 36 个。",
         "The guid of the message has {length} characters, not 36.",
         "使用 36 位大写 guid。", "Use a guid of 36 characters in capitals.", "warning"),
    Code("-910012", "报文 version 是“{version}”，应为 1.0。", "The version is “{version}”, not 1.0.",
         "在根元素上写 version=\"1.0\"。", "Write version=\"1.0\" on the root element.", "warning"),
    Code("-910017", "根元素 {root} 缺少后缀 Message。", "The root {root} lacks the ending Message.",
         "根元素写作 CEBnnnMessage。", "Name the root CEBnnnMessage.", "warning"),
    Code("-910013", "BaseTransfer 重复，内容相同。", "BaseTransfer is repeated with the same content.",
         "只保留一个 BaseTransfer。", "Keep one BaseTransfer.", "warning"),
    Code("-910014", "BaseTransfer 重复，内容不同，采用第一个。",
         "BaseTransfer is repeated with other content; the first counts.",
         "只保留一个 BaseTransfer。", "Keep one BaseTransfer.", "warning"),
    Code("-910015", "缺少 BaseTransfer。",
         "BaseTransfer is missing.", "补上传输信息。", "Add who transfers the message."),
    Code("-910016", "BaseSubscribe 有 {count} 个，超过 5 个。", "There are {count} BaseSubscribe, more than five.",
         "最多保留 5 个。", "Keep five at most.", "warning"),
    Code("-910020", "元素重复，内容相同。", "The element is there twice with the same value.",
         "只保留一个。", "Keep one.", "warning"),
    Code("-910021", "元素顺序与规范不符。", "The element is not where the schema puts it.",
         "按规范顺序生成。", "Follow the order of the schema.", "warning"),
    Code("-910022", "标准里没有这个元素，未采用。", "The standard does not know this element; it is not used.",
         "去掉该元素。", "Remove the element.", "warning"),
    Code("-910024", "问题超过 {limit} 个，其余未列出。", "More than {limit} problems; the rest is not listed.",
         "先改正已列出的问题。", "Mend those that are listed first.", "warning"),
    Code("-910025", "报文有 {count} 个业务节点，只处理 {limit} 个。",
         "The message has {count} nodes; {limit} are the most that are read.",
         "拆成几个报文发送。", "Send them in several messages."),
    Code("-910023", "表体 {count} 项，超过 {limit} 项。", "There are {count} lines, more than {limit}.",
         "拆分后分别申报。", "Split it and declare the parts."),
    # the content of a node
    Code("-911001", "证件号码不是有效的居民身份证号码。", "The number is no valid resident identity number.",
         "核对 18 位身份证号码，末位 X 大写。", "Check all 18 characters; a final X is a capital."),
    Code("-911002", "证件类型限定为身份证（1）。", "The kind of identity document should be 1, a resident card.",
         "填写 1 和身份证号码。", "Give 1 and the number of the card.", "warning"),
    Code("-911003", "企业代码“{firm}”既不是 10 位海关编码，也不是有效的 18 位信用代码。",
         "“{firm}” is neither a customs code of 10 nor a valid social credit code of 18 characters.",
         "核对企业代码；是否注册以海关为准。", "Check the code; customs knows who is registered.", "warning"),
    Code("-911005", "未填 {name}，按 0 处理。", "{name} is missing and read as 0.",
         "手册要求必填，无则填 0。", "The handbook asks for it; give 0 if there is none.", "warning"),
    Code("-911006", "空运提单号的校验位不正确。", "The check digit of the air waybill number is wrong.",
         "核对空运总单号。", "Check the number of the master air waybill.", "warning"),
    Code("-911007", "保税进口（1210）免填 {name}。", "Bonded import (1210) leaves {name} empty.",
         "去掉该项。", "Leave it out.", "warning"),
    Code("-911009", "清单编号不是 关区4＋年4＋I＋9位 的形式。",
         "The list number is not district (4), year (4), I and nine digits.",
         "核对海关返回的清单编号。", "Check the number that customs gave.", "warning"),
    Code("-911010", "{table_zh}代码 {value} 不在已载入的代码表中，该表不完整，未能核对。",
         "The {table_en} code {value} is not in the loaded table, which is not complete; it could not be checked.",
         "请管理员导入完整的代码表。", "Ask the administrator to import the whole table.", "warning"),
    Code("-911011", "申报日没有单笔限额的数值，未核对。", "No limit is known for that day; not checked.",
         "核对申报日期。", "Check the day of declaration.", "warning"),
    Code("-911020", "申报的单证没有签名。", "A declared document has no signature.",
         "签名后发送。", "Sign the message.", "warning"),
    Code("-911021", "guid 应为大写字母。", "The guid should be in capitals.",
         "改用大写。", "Use capitals.", "warning"),
    Code("-911022", "运单 {number} 重复列出。", "The waybill {number} is named twice.",
         "每份运单只列一次。", "Name each waybill once.", "warning"),
    # export documents, for which the handbook has no codes of its own
    Code("-912001", "出口单证的数据不符合要求。", "A value of the export document is not acceptable.",
         "按提示改正后重报。", "Mend it as told and send again."),
    Code("-912002", "报文里没有业务单证。", "The message holds no document.",
         "至少放入一份单证。", "Put at least one document in."),
    Code("-912003", "一个报文有 {count} 份单证，最多 {limit} 份。",
         "There are {count} documents in the message; {limit} are allowed.",
         "拆成几个报文发送。", "Send them in several messages."),
    Code("-912004", "单证没有表体。", "The document has no lines.",
         "至少填写一项。", "Give at least one line."),
    Code("-912005", "表体序号重复。", "A line number is used twice.",
         "序号从 1 起不重复。", "Number the lines from 1 without repetition."),
    Code("-912006", "出口清单编号不是 关区4＋年4＋E＋9至11位 的形式。",
         "The number of the export list is not district (4), year (4), E and nine to eleven digits.",
         "核对海关返回的清单编号。", "Check the number that customs gave.", "warning"),
    Code("-912007", "指定了汇总时间范围，表体的清单编号不起作用。",
         "A period is given, so the list numbers in the lines have no effect.",
         "时间范围和清单编号只填一种。", "Give either a period or list numbers.", "warning"),
    Code("-912008", "特殊区域出口（1210）以外的清单免填 {name}。", "Only zone exports (1210) name {name}.",
         "去掉该项。", "Leave it out.", "warning"),
    # writing
    Code("-910030", "含有 XML 不能表示的字符 {character}。", "XML cannot carry the character {character}.",
         "去掉控制字符。", "Remove control characters."),
    Code("-910032", "数据不符合报文的结构。", "The data do not fit the message.",
         "按读出的结构填写。", "Use what reading gives."),
    Code("-910031", "自定义数据不是有效的 XML：{reason}。", "The firm's own data are not well-formed XML: {reason}.",
         "改正自定义数据。", "Mend the firm's own data."),
)  # fmt: skip


def _official(code: str, zh: str, en: str, fix_zh: str = "", fix_en: str = "") -> Code:
    return Code(code, zh, en, fix_zh, fix_en)


CODES: dict[str, Code] = {row[0]: _official(*row) for row in OFFICIAL} | {one.code: one for one in _OWN}


def problem(
    code: str,
    pointer: str,
    *,
    severity: Severity | None = None,
    zh: str = "",
    en: str = "",
    fix_zh: str = "",
    fix_en: str = "",
    **places: Any,
) -> Problem:
    """Make a problem of a code, with the code's own texts wherever none are given.

    places: what stands in the named places of the code's texts.
    """
    known = CODES[code]
    own_words = not zh
    return Problem(
        code,
        pointer,
        severity or known.severity,
        zh or known.zh.format_map(_Places(places)),
        en or known.en.format_map(_Places(places)),
        fix_zh or (known.fix_zh.format_map(_Places(places)) if own_words or known.fix_zh else ""),
        fix_en or (known.fix_en.format_map(_Places(places)) if own_words or known.fix_en else ""),
    )


class _Places(dict[str, Any]):
    """Named places; one that was not given shows as a dash instead of failing in the middle of a refusal."""

    def __missing__(self, key: str) -> str:
        return "—"
