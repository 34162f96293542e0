"""One language's lists of keywords, and what no such list may lack."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from pydantic import Field, field_validator

from commerce_sync.consent.normalizing_texts import words_of
from commerce_sync.contracts.base import Contract

Entries = tuple[str, ...]
NEEDED = frozenset({"en", "fr"})
"""One numbering plan holds the United States and Canada (47 CFR 64.1200(a)(10); CWTA 3.9: STOP and ARRET)."""
STOP_WORDS: Mapping[str, Entries] = MappingProxyType(
    {
        "en": ("stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe"),
        "es": ("alto", "baja", "parar"),
        "fr": ("arret", "desabonner"),
        "de": ("stopp", "abmelden"),
        "it": ("basta",),
        "pt": ("sair",),
    }
)
"""Without these a language's list is none, whatever else it holds: the per-se words of the law, and the best known."""


class Language(Contract):
    """One language's lists. All are compared as :func:`words_of` reads them; ``*`` at the end means any ending.

    ``start``, ``yes``, ``help`` and ``out`` are whole texts, spaces aside, and so is ``hold``. ``out_inside`` and
    ``hold_inside`` are words or phrases anywhere. A text with one of ``refusals`` and with a word that holds one of
    ``messages`` is held too.
    """

    code: str = Field(pattern="^[a-z]{2}$")
    start: Entries = Field(min_length=1)
    yes: Entries = Field(min_length=1)
    help: Entries = Field(min_length=1)
    out: Entries = Field(min_length=1)
    out_inside: Entries = Field(min_length=1)
    hold: Entries = ()
    hold_inside: Entries = Field(min_length=1)
    refusals: Entries = Field(min_length=1)
    messages: Entries = Field(min_length=1)

    @field_validator("*")
    @classmethod
    def _holds_words(cls, entries: str | Entries) -> str | Entries:
        empty = [one for one in entries if not words_of(one)]
        if empty and not isinstance(entries, str):
            raise ValueError(f"an entry without a letter: {empty[0]!r}")
        return entries


def require_stop_words(languages: Iterable[Language]) -> None:
    """Refuse lists without a language that everybody may write in, or without a language's best known words.

    :raises ValueError: says what is missing.
    """
    known = {one.code: set(map(squashed, one.out)) for one in languages}
    if lacking := NEEDED - set(known):
        raise ValueError(f"every number may write in these languages: {', '.join(sorted(lacking))}")
    for code in known.keys() & STOP_WORDS.keys():
        if missing := [word for word in STOP_WORDS[code] if squashed(word) not in known[code]]:
            raise ValueError(f"language {code} ends nothing by: {', '.join(missing)}")


def squashed(entry: str) -> str:
    """An entry without its spaces."""
    return words_of(entry).replace(" ", "")
