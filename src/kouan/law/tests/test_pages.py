"""The pages of docs/law say what the YAML says."""

from pathlib import Path

from kouan.law.matrix import written_pages

FOLDER = Path(__file__).parents[4] / "docs" / "law"


def test_docs_law_is_as_written():
    for name, text in written_pages().items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, "run ./kouan law write"
