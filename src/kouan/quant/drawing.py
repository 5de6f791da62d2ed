"""Plain SVG and a plain page around it: pictures of plans that open anywhere and load nothing."""

from __future__ import annotations

from html import escape

COLOURS = ("#1f6f8b", "#c8553d", "#588157", "#8e6c8a", "#d4a017", "#3d5a80", "#9c6644", "#2a9d8f", "#b56576", "#6c757d")


class Picture:
    """An SVG that grows element by element; x runs right, y runs down, in pixels."""

    def __init__(self, width: float, height: float, title: str) -> None:
        self.width, self.height, self.title = width, height, title
        self._parts: list[str] = []

    def rectangle(
        self, x: float, y: float, width: float, height: float, fill: str, hint: str = "", stroke: str = "none"
    ) -> None:
        """Add a rectangle; hint is shown when the pointer rests on it."""
        self._add(
            "rect",
            f'x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{max(height, 0):.1f}" '
            f'fill="{fill}" stroke="{stroke}"',
            hint,
        )

    def circle(self, x: float, y: float, radius: float, fill: str, hint: str = "", stroke: str = "none") -> None:
        """Add a disc."""
        self._add("circle", f'cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}" stroke="{stroke}"', hint)

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        stroke: str,
        width: float = 1.0,
        hint: str = "",
        dash: str = "",
    ) -> None:
        """Add a straight line."""
        style = f' stroke-dasharray="{dash}"' if dash else ""
        self._add(
            "line",
            f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{stroke}" stroke-width="{width:.2f}"{style}',
            hint,
        )

    def text(
        self, x: float, y: float, words: str, size: float = 12.0, anchor: str = "start", fill: str = "#222"
    ) -> None:
        """Add a line of text whose base line begins at (x, y)."""
        self._parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{anchor}" fill="{fill}">'
            f"{escape(words)}</text>"
        )

    def _add(self, name: str, attributes: str, hint: str) -> None:
        self._parts.append(
            f"<{name} {attributes}><title>{escape(hint)}</title></{name}>" if hint else f"<{name} {attributes}/>"
        )

    def svg(self) -> str:
        """The picture as one SVG document."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:g} {self.height:g}" '
            f'width="{self.width:g}" '
            f'height="{self.height:g}" font-family="sans-serif" role="img"><title>{escape(self.title)}</title>'
            + "".join(self._parts)
            + "</svg>\n"
        )

    def page(self, facts: list[tuple[str, str]]) -> str:
        """The picture in an HTML page under its title and a table of facts."""
        rows = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in facts)
        return (
            '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width">'
            f"<title>{escape(self.title)}</title><style>body{{font-family:sans-serif;margin:2rem;max-width:100%}}"
            "svg{max-width:100%;height:auto}th{text-align:left;padding-right:1.5rem;vertical-align:top}</style>"
            f"<h1>{escape(self.title)}</h1><table>{rows}</table>{self.svg()}</html>\n"
        )
