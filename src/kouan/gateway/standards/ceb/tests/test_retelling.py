"""The reference page in docs is the one that the tables give."""

from __future__ import annotations

from kouan.gateway.standards.ceb.retelling import reference_page
from kouan.gateway.standards.ceb.types import KINDS

from .samples import ROOT


def test_the_page_in_docs_is_current():
    written = (ROOT / "docs/standards/ceb-reference.md").read_text("utf-8")
    assert written == reference_page(), "./kouan message describe ceb > docs/standards/ceb-reference.md"


def test_every_message_is_described():
    page = reference_page()
    assert all(f"## CEB{code} " in page for code in KINDS)
