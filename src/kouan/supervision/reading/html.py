"""The text of a web page: a line for each block, a row with tabs for each row of a table."""

from __future__ import annotations

import re

from lxml import etree, html

from kouan.supervision.reading.problems import UnreadableFile, problem

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_LEFT_OUT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "svg",
        "button",
        "select",
        "option",
        "iframe",
        "nav",
        "footer",
        "aside",
        "object",
        "embed",
        "textarea",
    ]
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_FEWEST_CELLS = 3


def text_of_html(source: str) -> str:
    """Get the text out of a page. Raises UnreadableFile."""
    try:
        root = html.document_fromstring(source.encode(), parser=html.HTMLParser(encoding="utf-8", no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as fault:
        raise UnreadableFile(problem("damaged", kind="HTML")) from fault
    pieces: list[str] = []
    rows: dict[etree._Element, str] = {
        row: line for table in root.iter("table") if _is_data(table) for row, line in _rows(table)
    }
    skipped = 0
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            pieces.append(node.tail or "" if not skipped else "")
            continue
        is_left_out = node.tag in _LEFT_OUT or bool(_HIDDEN.search(node.get("style") or "")) or node in rows
        if event == "start":
            if not skipped and node in rows:
                pieces.append(f"\n{rows[node]}\n")
            skipped += is_left_out
            if not skipped:
                pieces.append("\n" if node.tag in _BLOCKS else "")
                pieces.append(_flat(node.text))
        else:
            skipped -= is_left_out
            if not skipped:
                pieces.append("\n" if node.tag in _BLOCKS else "")
                pieces.append(_flat(node.tail))
    lines = (line.strip(" \t\u00a0") if "\t" not in line else line for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line.strip())


def _flat(words: str | None) -> str:
    return re.sub(r"[ \t\r\n\f]+", " ", words or "")


def _is_data(table: etree._Element) -> bool:
    """True for a table of data: no table within it, several rows of several cells."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    widths = [sum(1 for _ in row.iterchildren("td", "th")) for row in table.iter("tr")]
    return len(widths) > 1 and max(widths, default=0) >= _FEWEST_CELLS


def _rows(table: etree._Element) -> list[tuple[etree._Element, str]]:
    """Give each row as one line; a cell that goes over several rows or columns stands in each of them."""
    found: list[tuple[etree._Element, str]] = []
    hanging: dict[int, tuple[int, str]] = {}
    for row in table.iter("tr"):
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            _take_hanging(cells, hanging)
            words = " ".join(" ".join(cell.itertext()).split())
            for _ in range(_count(cell.get("colspan"))):
                if (down := _count(cell.get("rowspan")) - 1) > 0:
                    hanging[len(cells)] = (down, words)
                cells.append(words)
        _take_hanging(cells, hanging)
        found.append((row, "\t".join(cells)))
    return found


def _take_hanging(cells: list[str], hanging: dict[int, tuple[int, str]]) -> None:
    """Add the cells of rows above that reach into this one."""
    while len(cells) in hanging:
        place = len(cells)
        left, words = hanging.pop(place)
        if left > 1:
            hanging[place] = (left - 1, words)
        cells.append(words)


def _count(words: str | None) -> int:
    return min(max(int(words), 1), 200) if words and words.isdigit() and len(words) < 5 else 1
