"""What a person's free text says: keywords in all languages at once, for every number and address.

The lists are data (``keywords.toml``), dated, for a lawyer to read. Errors lean to suppression: what may be an opt-out
and may not is held for a person.
"""

from functools import cache
from typing import Literal

from pydantic import Field, model_validator

from commerce_sync.consent.keyword_lists import Entries, Language, require_stop_words, squashed
from commerce_sync.consent.normalizing_texts import LONGEST, undisguised, words_of
from commerce_sync.consent.rules import read_table
from commerce_sync.contracts.base import Contract

Keyword = Literal["out", "hold", "in", "help", "none"]
Meaning = Literal["OUT", "HOLD", "NONE"]
MOST_READ = 100_000
"""Characters that are read of a text. What is longer, and says nothing in these, is held."""
OVERLAP = 500
"""Characters of a piece that the next one reads again, so that no phrase is cut in two."""


class KeywordsFile(Contract):
    """keywords.toml. ``hold_parts`` are held inside any longer word."""

    version: str = Field(min_length=1)
    hold_parts: Entries = Field(min_length=1)
    language: tuple[Language, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _agree(self) -> "KeywordsFile":
        codes = [one.code for one in self.language]
        if len(set(codes)) != len(codes):
            raise ValueError("a language is written down twice")
        classes = [{squashed(entry) for one in self.language for entry in getattr(one, name)} for name in WHOLE]
        both = sorted(set.union(*(one & other for one in classes for other in classes if one is not other)))
        if both:
            raise ValueError(f"a text in two classes: {', '.join(both)}")
        require_stop_words(self.language)
        lists = Keywords(self)
        if opening := [entry for one in self.language for entry in (*one.start, *one.yes) if lists.says_out(entry)]:
            raise ValueError(f"an opt-in that says an opt-out: {', '.join(opening)}")
        return self


WHOLE = ("start", "yes", "help", "out", "hold")


class Keywords:
    """The lists of all languages, ready to compare with."""

    def __init__(self, file: KeywordsFile) -> None:
        self._whole = {
            name: frozenset(squashed(entry) for one in file.language for entry in getattr(one, name)) for name in WHOLE
        }
        self._out_inside = tuple(_needle(entry) for one in file.language for entry in one.out_inside)
        self._hold_inside = tuple(_needle(entry) for one in file.language for entry in one.hold_inside)
        self._pairs = tuple(
            (tuple(map(_needle, one.refusals)), tuple(map(words_of, one.messages))) for one in file.language
        )
        self._parts = tuple(map(words_of, file.hold_parts))

    def classify(self, text: str) -> Keyword:
        """The class of a text, by the first test that fits; of a long one the strongest of what its pieces say."""
        if len(text) <= LONGEST:
            return self._classify(text)
        half = MOST_READ // 2
        read = text if len(text) <= MOST_READ else f"{text[:half]}\n{text[-half:]}"
        starts = range(0, len(read), LONGEST - OVERLAP)
        said = {self._classify(read[start : start + LONGEST]) for start in starts}
        if "out" in said:
            return "out"
        return "hold" if "hold" in said or len(text) > MOST_READ else "none"

    def _classify(self, text: str) -> Keyword:
        words = words_of(text)
        whole = words.replace(" ", "")
        if whole in self._whole["start"] or whole in self._whole["yes"]:
            return "in"
        if whole in self._whole["help"]:
            return "help"
        if self._says_out(words):
            return "out"
        in_disguise = whole in self._whole["hold"] or self._says_out(undisguised(text))
        return "hold" if in_disguise or self._may_say_out(words) else "none"

    def says_out(self, text: str) -> bool:
        """Whether a text says so, whatever it is as a whole."""
        return self._says_out(words_of(text))

    def is_answer(self, text: str) -> bool:
        """Whether it is a YES: an opt-in only where a question waits for it. START is one by itself."""
        return words_of(text).replace(" ", "") in self._whole["yes"]

    def _says_out(self, words: str) -> bool:
        is_keyword = words.replace(" ", "") in self._whole["out"]
        return is_keyword or _any_in(self._out_inside, words) or any(self._is_out(run) for run in _spelled(words))

    def _is_out(self, run: str) -> bool:
        return run in self._whole["out"] or any(needle.strip() in run for needle in self._out_inside)

    def _may_say_out(self, words: str) -> bool:
        return (
            any(part in words for part in self._parts)
            or _any_in(self._hold_inside, words)
            or any(_any_in(refusals, words) and any(one in words for one in about) for refusals, about in self._pairs)
        )


@cache
def shipped_keywords() -> Keywords:
    """The lists that ship.

    :raises ConfigurationError: the file is broken; says where.
    """
    return Keywords(read_table(KeywordsFile, "keywords"))


def classify(text: str) -> Keyword:
    """What a free text says, by the shipped lists. ``in`` and ``help`` are no opt-out: they have flows of their own.

    A disguised opt-out is held. Of a mail, give the parts of :func:`commerce_sync.consent.quoting.parted`.
    """
    return shipped_keywords().classify(text)


def means(text: str) -> Meaning:
    """The same for who only asks what it ends."""
    keyword = classify(text)
    return "OUT" if keyword == "out" else "HOLD" if keyword == "hold" else "NONE"


def is_answer(text: str) -> bool:
    """Whether a text that is classified ``in`` is a YES, which counts only where a confirmation is pending."""
    return shipped_keywords().is_answer(text)


def _needle(entry: str) -> str:
    """An entry as it stands between spaces; open at its end where it takes any ending."""
    return f" {words_of(entry)}" if entry.endswith("*") else f" {words_of(entry)} "


def _any_in(needles: tuple[str, ...], words: str) -> bool:
    padded = f" {words} "
    return any(needle in padded for needle in needles)


def _spelled(words: str) -> list[str]:
    """Runs of single letters, joined: ``please s t o p now`` spells ``stop``."""
    marked = "".join(word if len(word) == 1 else " " for word in words.split())
    return [run for run in marked.split() if len(run) > 1]
