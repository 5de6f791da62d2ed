"""Words of a search that may name a person: they go in the body of a request, and stand in an address only sealed.

What is typed is posted to one door (``views.search_to``), which leads on to the page with the words in its address;
words that the sealer recognises stand there as a mark that nobody can read who has not the key. A page shows them
masked. The app that keeps what names persons registers the sealer when it starts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import QueryDict

from kouan.screens.masking import to_masked

SIGN = "~"
"""What a sealed word begins with in an address."""
LONGEST = 400


@dataclass(frozen=True)
class Sealer:
    """How words are kept out of addresses.

    recognises: whether words may name a person. seal: their mark. unseal: the words of a mark, None where it is none
    or can no longer be read.
    """

    recognises: Callable[[str], bool]
    seal: Callable[[str], str]
    unseal: Callable[[str], str | None]


_sealer: Sealer | None = None


def register_sealer(sealer: Sealer) -> None:
    """Say how words that may name a person are kept out of addresses; called from ``ready()``."""
    global _sealer
    _sealer = sealer


@dataclass(frozen=True)
class Words:
    """The words of a search: as they are searched for, and as they stand in the address."""

    text: str
    written: str

    @property
    def is_sealed(self) -> bool:
        """Whether the address has a mark in their place."""
        return self.written.startswith(SIGN) and self.text != self.written

    @property
    def shown(self) -> str:
        """The words as a page may show them: masked where they are sealed."""
        return to_masked(self.text, "phone" if len(self.text) < 15 else "id") if self.is_sealed else self.text

    @property
    def typed(self) -> str:
        """What stands in the field again: nothing where the words are sealed."""
        return "" if self.is_sealed else self.text


def is_private(text: str) -> bool:
    """Whether words may name a person and have to be sealed before they stand in an address."""
    return _sealer is not None and _sealer.recognises(text)


def words_of(query: QueryDict, name: str, *, longest: int) -> Words:
    """Give the words of one parameter; the last that is not empty, for a field comes after the mark it replaces."""
    given = [" ".join(value.replace("\x00", "").split()) for value in query.getlist(name)]
    written = next((value for value in reversed(given) if value), "")
    if _sealer and written.startswith(SIGN):
        text = _sealer.unseal(written[len(SIGN) : LONGEST])
        if text is not None:
            return Words(text, written)
    return Words(written[:longest], written[:longest])


def sealed(query: QueryDict, names: Iterable[str]) -> QueryDict | None:
    """Give the query with the words of these parameters sealed; None where there is nothing to seal."""
    found = {name: value for name in names for value in query.getlist(name) if is_private(value)}
    if not found or _sealer is None:
        return None
    made = query.copy()
    for name, value in found.items():
        made[name] = SIGN + _sealer.seal(value.strip())
    return made
