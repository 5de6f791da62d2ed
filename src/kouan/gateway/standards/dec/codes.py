"""Every code with which Kouan speaks of a goods declaration; the standard itself publishes none.

Codes from -960000 to -969999 are Kouan's, and nobody takes them for customs' word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kouan.records.problems import Problem, Severity


@dataclass(frozen=True, slots=True)
class Code:
    """A code with its sentence and remedy in both languages; ``{…}`` are places that a problem fills."""

    code: str
    severity: Severity
    zh: str
    en: str
    fix_zh: str
    fix_en: str


_E: Severity = "error"
_W: Severity = "warning"
CODES: dict[str, Code] = {
    one.code: one
    for one in (
        # the message as a whole
        Code("-960001", _E, "不是完整有效的 XML：{reason}。", "This is not well-formed XML: {reason}.",
             "请按接口规范重新生成报文。", "Generate the message anew."),
        Code("-960002", _E, "根元素 {root} 不是报关单报文。", "The root {root} is no message of goods declarations.",
             "请发送 DecMessage。", "Send a DecMessage."),
        Code("-960003", _E, "报文 {size} 字节，超过上限 {limit} 字节。", "It has {size} bytes; the limit is {limit}.",
             "请减少附件或拆分。", "Send fewer attachments, or split it."),
        Code("-960004", _E, "报文元素过多：{count} 个。", "There are too many elements: {count}.",
             "一份报关单最多 50 项商品。", "A declaration has at most 50 goods lines."),
        Code("-960005", _W, "报文未注明版本，按 {edition} 读取。", "No version is given; it is read as {edition}.",
             "请在根元素填写 Version。", "Give Version at the root element."),
        Code("-960006", _W, "版本 {version} 没有对应的规范，按 {edition} 读取。",
             "Version {version} is not one we know; it is read as {edition}.",
             "请使用 3.1 或 4.8。", "Use 3.1 or 4.8."),
        Code("-960007", _W, "命名空间不是报关单报文的命名空间。", "The namespace is not that of goods declarations.",
             "请使用 http://www.chinaport.gov.cn/dec。", "Use http://www.chinaport.gov.cn/dec."),
        Code("-960008", _W, "标准里没有元素 {element}，未采用。",
             "The standard has no element {element}; it is not used.",
             "请去掉该元素。", "Leave it out."),
        Code("-960009", _W, "元素 {element} 重复，取第一个。", "{element} stands twice; the first one counts.",
             "请只填一次。", "Give it once."),
        Code("-960010", _E, "缺少 {element}。", "{element} is missing.", "请补上该部分。", "Add this part."),
        Code("-960011", _E, "{element} 有 {count} 个，最多 {most} 个。",
             "There are {count} of {element}; {most} are allowed.",
             "请拆分为多份报关单。", "Split it into several declarations."),
        Code("-960012", _E, "标签“{tag}”的名称前有空格，不是有效的 XML。",
             "The tag “{tag}” begins with a space, which is no XML.",
             "请去掉标签名前的空格。", "Remove the space before the tag's name."),
        # one value
        Code("-960020", _E, "{label}（{element}）为空。", "{element} is empty.", "请填写。", "Fill it in."),
        Code("-960021", _W, "{label}（{element}）为空，暂存可以，申报时必填。",
             "{element} is empty: enough to save, not to declare.", "请在申报前填写。", "Fill it in before declaring."),
        Code("-960022", _E, "{label}（{element}）有 {count} 个字符，最多 {most} 个。",
             "{element} has {count} characters; {most} are allowed.", "请缩短。", "Shorten it."),
        Code("-960023", _W, "{label}（{element}）有 {count} 个字符，{edition} 版最多 {most} 个。",
             "{element} has {count} characters; edition {edition} allows {most}.",
             "请缩短，否则可能导入失败。", "Shorten it, or importing may fail."),
        Code("-960024", _E, "{label}（{element}）的值“{value}”不是数字。", "{element} is not a number: “{value}”.",
             "只填数字和小数点。", "Use digits and a point only."),
        Code("-960025", _E, "{label}（{element}）的值“{value}”位数过多（{form}）。",
             "{element} has too many digits: “{value}” ({form}).", "请减少位数。", "Use fewer digits."),
        Code("-960026", _E, "{label}（{element}）的值“{value}”不在允许范围（{allowed}）。",
             "{element} may not be “{value}” (allowed: {allowed}).", "请改为允许的值。", "Use an allowed value."),
        Code("-960027", _E, "{label}（{element}）的值“{value}”不是有效日期。", "{element} is no date: “{value}”.",
             "请按 YYYYMMDD 填写。", "Use YYYYMMDD."),
        Code("-960028", _W, "{edition} 版没有 {label}（{element}），不写入报文。",
             "Edition {edition} has no {element}; it is not written.", "请改用 4.8 版。", "Use edition 4.8."),
        Code("-960029", _E, "含有 XML 不能表示的字符。", "XML cannot carry a character of it.",
             "请去掉控制字符。", "Remove control characters."),
        Code("-960030", _E, "数据不符合报文结构。", "The data do not fit the message.",
             "请按读出的结构填写。", "Use what reading gives."),
        # rules
        Code("-960040", _E, "商品序号应从 1 连续，第 {place} 项为 {value}。",
             "Line numbers run from 1; line {place} has {value}.",
             "请重新编号。", "Number the lines anew."),
        Code("-960041", _E, "毛重 {gross} 小于净重 {net}。",
             "The gross weight {gross} is less than the net weight {net}.",
             "请核对重量。", "Check the weights."),
        Code("-960042", _W, "{label}不足 1 千克，应填 1。", "{label} is below one kilogram; 1 is declared.",
             "请填 1（填制规范）。", "Give 1 (rules of filling in)."),
        Code("-960043", _E, "件数应大于 0，裸装货物填 1。", "The number of packages is above 0; 1 for bare goods.",
             "请填写件数。", "Give the number of packages."),
        Code("-960044", _W, "总价 {total} 与单价×数量 {product} 不符。",
             "The total {total} is not price times quantity, {product}.",
             "请核对单价、数量、总价。", "Check price, quantity and total."),
        Code("-960045", _E, "第二数量与第二计量单位应同时填写或同时为空。",
             "Second quantity and unit come together or not at all.",
             "请补全或清空。", "Give both or none."),
        Code("-960046", _E, "{label}：填了标记 {mark} 就应填写费率或金额。",
             "{label}: mark {mark} needs a rate or an amount.",
             "请填写费率或金额。", "Give the rate or amount."),
        Code("-960047", _E, "{label}：标记 {mark} 为单价或总价时应填写币制。",
             "{label}: mark {mark} is an amount and needs a currency.", "请填写币制。", "Give the currency."),
        Code("-960048", _E, "{table}代码“{value}”不存在或当日无效。", "There is no {table} code “{value}” on that day.",
             "请从代码表选取。", "Choose from the code table."),
        Code("-960049", _E, "统一社会信用代码“{value}”校验位不符。",
             "The check character of the credit code “{value}” is wrong.",
             "请核对代码。", "Check the code."),
        Code("-960050", _W, "箱号“{value}”校验位不符。", "The check digit of container “{value}” is wrong.",
             "请核对箱号。", "Check the number."),
        Code("-960051", _E, "集装箱 {container} 所装商品项号“{value}”不存在。",
             "Container {container} names a goods line “{value}” that is not there.",
             "请填写已有的商品序号。", "Name existing lines."),
        Code("-960052", _E, "价格说明应为 1、0、9 组成的至少 3 位。",
             "The price statements are at least three of 1, 0 and 9.",
             "请逐项勾选。", "Tick each statement."),
        Code("-960053", _W, "{mode}运输应填写{label}。", "{label} is expected for transport {mode}.",
             "请按填制规范填写。", "Fill it in as the rules say."),
        Code("-960054", _W, "{mode}运输的{label}应为空。", "{label} is left empty for transport {mode}.",
             "请清空。", "Empty it."),
        Code("-960055", _W, "航空总运单号“{value}”校验位不符。", "The check digit of air waybill “{value}” is wrong.",
             "请核对总运单号。", "Check the number."),
        Code("-960056", _E, "海关编号“{value}”应为 18 位：关区、年份、进出口标志、流水号。",
             "The entry number “{value}” has 18 characters: district, year, direction, serial.",
             "请核对编号。", "Check the number."),
        Code("-960057", _W, "同一份报关单成交币制不同：{values}。", "The lines have several currencies: {values}.",
             "请分单或核对。", "Split it, or check."),
        Code("-960058", _E, "许可证的商品序号“{value}”与所在商品不符。",
             "The licence names line “{value}” instead of its own.",
             "请填写所在商品的序号。", "Give the number of the line it stands in."),
        Code("-960059", _E, "随附单据“{value}”不在压缩包内。", "The attached file “{value}” is not in the zip.",
             "请把文件放进压缩包，名称与报文一致。", "Put the file into the zip under that name."),
        Code("-960060", _E, "压缩包内的文件“{value}”没有列在报文里。",
             "The zip holds “{value}”, which the message does not name.",
             "请在 EdocRealation 列出，或移出压缩包。", "Name it in EdocRealation, or take it out."),
        Code("-960061", _E, "文件“{value}”不是 PDF。", "The file “{value}” is no PDF.", "请改为 PDF。",
             "Make it a PDF."),
        Code("-960062", _E, "文件“{value}”不完整，缺少结尾。", "The file “{value}” is cut off: it has no end.",
             "请重新上传完整文件。", "Upload it whole."),
        Code("-960063", _E, "文件“{value}”含有{what}，不接收。", "The file “{value}” holds {what} and is not taken.",
             "请导出为普通 PDF。", "Export it as a plain PDF."),
        Code("-960064", _E, "文件“{value}”有 {size} 字节，上限 {limit} 字节。",
             "“{value}” has {size} bytes; the limit is {limit}.",
             "请压缩或拆分。", "Make it smaller."),
        Code("-960065", _W, "文件“{value}”实有 {size} 字节，报文写 {stated}。",
             "“{value}” has {size} bytes; the message says {stated}.",
             "请核对 EdocSize。", "Check EdocSize."),
        Code("-960066", _E, "压缩包{zh}。", "The zip: {en}.", "请把一份报文和它的 PDF 直接放在压缩包根部。",
             "Put one message and its PDFs at the root of the zip."),
        Code("-960067", _E, "随附单据名称“{value}”重复。", "Two attached files are called “{value}”.",
             "请使用不同的名称。", "Use different names."),
        Code("-960068", _E, "单据类型“{value}”第三位应为 0、5（概要申报）、6（完整申报）或空。",
             "Sign three of the type “{value}” is 0, 5 (outline), 6 (complete) or blank.",
             "请按接口规范填写。", "Fill it in as the specification says."),
        Code("-960069", _W, "两步申报用于进口货物。", "Declaring in two steps is for imports.",
             "出口请一次申报。", "Declare exports at once."),
        Code("-960070", _W, "带清单的报关单没有填清单统一编号。",
             "A declaration with a list does not give the number of the list.",
             "请在 BillSeqNo 填写清单统一编号。", "Give the number of the list in BillSeqNo."),
        Code("-960071", _E, "文件“{value}”打不开：不是完整的 PDF，或没有页面，或对象过多。",
             "“{value}” does not open: it is no whole PDF, has no page, or holds too many objects.",
             "请重新导出为普通 PDF。", "Export it as a plain PDF again."),
        # receipts
        Code("-960080", _W, "未知的回执代码“{value}”。", "Unknown channel “{value}”.", "请查看回执原文。",
             "See the receipt."),
        Code("-960081", _W, "通知时间“{value}”不是有效时间。", "The notice time “{value}” is no time.",
             "请查看回执原文。", "See the receipt."),
    )
}  # fmt: skip


def problem(code: str, pointer: str, **places: Any) -> Problem:
    """Make a problem of a code; places fill its sentences."""
    known = CODES[code]
    return Problem(
        code, pointer, known.severity, known.zh.format_map(places), known.en.format_map(places), known.fix_zh,
        known.fix_en,
    )  # fmt: skip
