"""Writes docs/law: the matrix clause → code → screen, and the dated figures. A test compares the files with this."""

from django.urls import reverse

from kouan.law.clauses import Progress, all_clauses
from kouan.law.figures import Figure, all_figures
from kouan.law.safeguards import Answer, all_safeguards

_PROGRESS = {
    Progress.BUILT: "已建 / built",
    Progress.PARTLY: "部分 / partly",
    Progress.NOT_YET: "未建 / not yet",
}
_MADE = "<!-- 由 `./kouan law write` 生成，请勿手改 / written by `./kouan law write`; do not edit -->\n"


def written_pages() -> dict[str, str]:
    """The pages of docs/law by their file names, as they should stand; Django must be set up."""
    return {"matrix.md": write_matrix(), "figures.md": write_figures(), "safeguards.md": write_safeguards()}


def write_matrix() -> str:
    """The text of docs/law/matrix.md; a screen stands there with its address."""
    lines = [
        _MADE,
        "# 条款与系统对照 / Clauses and what answers them\n",
        "条款内容为本项目的概括，不是原文。 / The clauses are in our own words.\n",
    ]
    document = ""
    for clause in all_clauses():
        if clause.document != document:
            document = clause.document
            lines.append(f"## {document}\n")
            lines.append("| 条款 | 要求 | 进度 | 代码 | 页面 |\n|---|---|---|---|---|")
        code = "<br>".join(f"`{path}`" for path in clause.code) or "—"
        screens = "<br>".join(f"`{reverse(name)}`" for name in clause.screens) or "—"
        words = f"{_cell(clause.zh)}<br>{_cell(clause.en)}"
        lines.append(f"| {clause.number} | {words} | {_PROGRESS[clause.progress]} | {code} | {screens} |")
    return "\n".join(lines) + "\n"


_ANSWERS = {
    Answer.PRODUCT: "系统已具备 / product",
    Answer.SHARED: "系统与运营方共同 / shared",
    Answer.OPERATOR: "运营方职责 / operator's duty",
}


def write_safeguards() -> str:
    """The text of docs/law/safeguards.md: what norms of protection ask for, and what answers it."""
    lines = [
        _MADE,
        "# 安全合规对照 / Safeguards\n",
        "要求为本项目的概括，不是原文。 / The demands are in our own words.\n",
    ]
    norm = ""
    for one in all_safeguards():
        if one.norm != norm:
            norm = one.norm
            lines.append(f"\n## {one.norm_zh}\n\n{one.norm_en}\n")
            lines.append("| 领域 | 要求 | 由谁落实 | 依据 | 运营方职责 |\n|---|---|---|---|---|")
        evidence = [*map(reverse, one.screens), *one.code, *one.tests]
        duty = f"{_cell(one.duty_zh)}<br>{_cell(one.duty_en)}" if one.duty_zh else "—"
        lines.append(
            f"| {one.area} | {_cell(one.zh)}<br>{_cell(one.en)} | {_ANSWERS[one.answer]} "
            f"| {'<br>'.join(f'`{each}`' for each in evidence) or '—'} | {duty} |"
        )
    return "\n".join(lines) + "\n"


def write_figures() -> str:
    """The text of docs/law/figures.md."""
    lines = [
        _MADE,
        "# 带日期的数值 / Dated figures\n",
        "某日没有数值时系统报错，不按 0 计算。 / A day without a figure raises; it never counts as 0.\n",
        "| 标识 | 含义 | 自 | 数值 | 单位 | 条款 | 来源 | 可靠程度 | 核对日期 |",
        "|---|---|---|---:|---|---|---|---|---|",
    ]
    for history in all_figures().values():
        lines.extend(_figure_line(figure) for figure in history)
    return "\n".join(lines) + "\n"


def _figure_line(figure: Figure) -> str:
    value = "废止 / abolished" if figure.value is None else str(figure.value)
    strength = {"text": "已读原文 / text read", "weak": "弱：仅见使用 / weak: only seen in use"}[figure.strength.value]
    return (
        f"| `{figure.key}` | {_cell(figure.zh)}<br>{_cell(figure.en)} | {figure.since} | {value} | {figure.unit} "
        f"| {_cell(figure.clause)} | {_cell(figure.source)} | {strength} | {figure.checked_on} |"
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
