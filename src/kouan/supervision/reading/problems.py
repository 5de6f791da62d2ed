"""What can be wrong with a document or is missing in it, each in Chinese and English with the way to mend it."""

from __future__ import annotations

from kouan.records.problems import Problem, Severity

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes of one file; a scanned document of 300 pages stays below it."""
LONGEST_TEXT = 2_000_000
"""Characters of one document; 300 full pages of GB/T 9704 (22 lines of 28) are 185 000."""


class UnreadableFile(Exception):
    """A file gives no text; ``problem`` says why and how to mend it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.zh} {problem.en}")
        self.problem = problem


_KNOWN: dict[str, tuple[Severity, str, str, str, str]] = {
    "not_opened": (
        "error",
        "不能打开文件：{reason}。",
        "The file cannot be opened: {reason}.",
        "请检查路径和权限。",
        "Check the path and the permissions.",
    ),
    "file_too_large": (
        "error",
        "文件超过 {limit} MB。",
        "The file is larger than {limit} MB.",
        "请拆分文件，或只上传正文。",
        "Split it, or give the text only.",
    ),
    "text_too_long": (
        "error",
        "正文超过 {limit} 个字符。",
        "The text is longer than {limit} characters.",
        "请拆分文件后分别读取。",
        "Split the document and read its parts.",
    ),
    "empty": (
        "error",
        "文件中没有文字。",
        "There is no text in the file.",
        "请检查文件是否选对。",
        "Check that it is the right file.",
    ),
    "scanned": (
        "error",
        "PDF 只有图像，没有文字层。",
        "The PDF holds images only and no text.",
        "请先做文字识别（OCR）并校对，或提供 Word、文本文件。",
        "Run text recognition first and proofread it, or give a Word or text file.",
    ),
    "scanned_in_part": (
        "warning",
        "第 {pages} 页没有文字层，未读取。",
        "Pages {pages} hold no text and were not read.",
        "请核对这些页的内容并补录。",
        "Check these pages and add what they say.",
    ),
    "too_many_pages": (
        "error",
        "文件超过 {limit} 页。",
        "The file has more than {limit} pages.",
        "请拆分文件后分别读取。",
        "Split the document and read its parts.",
    ),
    "encrypted": (
        "error",
        "文件已加密，需要密码才能打开。",
        "The file is encrypted and needs a password.",
        "请解除密码后重新提供。",
        "Remove the password and give it again.",
    ),
    "damaged": (
        "error",
        "文件已损坏或不是 {kind} 文件。",
        "The file is damaged or is no {kind} file.",
        "请重新下载或另存后再试。",
        "Fetch it again or save it anew.",
    ),
    "kind_unknown": (
        "error",
        "不支持“{kind}”类文件。",
        "Files of the kind “{kind}” are not read.",
        "请提供 txt、md、csv、html、docx 或 pdf 文件，或粘贴正文。",
        "Give a txt, md, csv, html, docx or pdf file, or paste the text.",
    ),
    "encoding": (
        "error",
        "无法识别文字编码（不是 UTF-8、UTF-16 或 GB18030）。",
        "The encoding is not known (neither UTF-8, UTF-16 nor GB18030).",
        "请另存为 UTF-8 后再试。",
        "Save the file as UTF-8.",
    ),
    "wrong_characters": (
        "warning",
        "正文含有 {count} 个无法显示的字符，编码可能有误。",
        "The text holds {count} characters that cannot be shown; its encoding may be wrong.",
        "请核对原文，必要时另存为 UTF-8。",
        "Check it against the original; save it as UTF-8 where needed.",
    ),
    "no_notes": (
        "warning",
        "全文未写明责任单位，未生成任何任务。",
        "The text names no responsible unit anywhere; no task was made.",
        "如需分解任务，请在原文旁逐条指定责任单位。",
        "Assign the units clause by clause beside the text where tasks are wanted.",
    ),
    "no_numbers": (
        "warning",
        "未找到“一、（一）1.（1）”式的层次序数，也未写明责任单位。",
        "The text has no numbered clauses and names no responsible unit.",
        "请核对是否为公文正文。",
        "Check that this is the body of an official document.",
    ),
    "articles": (
        "warning",
        "文件为条款式（第X条），未写明责任单位，未生成任何任务。",
        "The document is in articles and names no responsible unit; no task was made.",
        "如需分解任务，请逐条指定责任单位。",
        "Assign the units article by article where tasks are wanted.",
    ),
    "clause_without_note": (
        "warning",
        "{clause}：未写明责任单位。",
        "{clause}: no responsible unit is named.",
        "请核对原文；确需落实的，请指定责任单位。",
        "Check the text; assign a unit where one is needed.",
    ),
    "number_repeated": (
        "warning",
        "层次序数重复：{clauses}。",
        "Numbers stand twice: {clauses}.",
        "方括号中为第几次出现；请核对原文序号。",
        "The bracket says which of them; check the numbers of the text.",
    ),
    "columns_left_out": (
        "warning",
        "表中“{columns}”为单位内部分工，未作为责任单位读取。",
        "The columns {columns} share work out within one unit and were not read as units.",
        "如需跟踪内设机构，请在任务中补充。",
        "Add them to the tasks where sections are to be followed.",
    ),
    "rows_uneven": (
        "warning",
        "表中有 {count} 行的列数与表头不同，未读取。",
        "{count} rows of the table have another number of cells than its head and were not read.",
        "请核对合并单元格后补录。",
        "Check merged cells and add these rows.",
    ),
    "table_flattened": (
        "warning",
        "任务表的单元格逐行排列，无法确定行列关系，未读取。",
        "A task table stands in the text one cell a line; its rows cannot be told apart and were not read.",
        "请提供原表（Word、HTML 或 CSV）。",
        "Give the table itself (Word, HTML or CSV).",
    ),
}


def problem(code: str, pointer: str = "", **words: object) -> Problem:
    """Make a problem of a known kind; ``words`` fill its sentences."""
    severity, zh, en, fix_zh, fix_en = _KNOWN[code]
    return Problem(
        f"document.{code}", pointer, severity, zh.format(**words), en.format(**words), fix_zh.format(**words), fix_en
    )
