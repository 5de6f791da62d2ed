"""The reference page is written from the tables, and the stored one is up to date."""

from pathlib import Path

from kouan.gateway.standards.dec.retelling import reference_page

ROOT = Path(__file__).resolve().parents[6]


def test_the_stored_page_is_up_to_date():
    written = (ROOT / "docs/standards/dec-reference.md").read_text("utf-8")
    assert written == reference_page(), "./kouan message describe dec > docs/standards/dec-reference.md"
