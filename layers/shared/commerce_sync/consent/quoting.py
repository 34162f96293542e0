"""What a person wrote in a mail or note, without what it quotes: our own footer says "unsubscribe".

Only ``>`` marks a quote for certain. What mail programs set above an unmarked one, people write themselves as well
("On Monday you wrote:"): it has to look like a program's, and what follows is doubtful, not gone.
"""

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

LONGEST = 20_000
"""Characters of a mail that are read."""
LONGEST_INTRODUCTION = 300
LINES_OF_HEADER = 6

_INTRODUCTION = re.compile(
    r"(on|am|le|el|il|il giorno|em|a) (?P<when_and_who>.*)"
    r"(wrote|schrieb.{0,120}|a [ée]crit|escribi[óo]|ha scritto|escreveu) ?:",
    re.IGNORECASE | re.DOTALL,
)
_OF_A_PROGRAM = re.compile(
    r"<[^<>@\s]+@[^<>\s]+>|\b(19|20)\d\d\b|\b\d{1,2}[:h]\d\d\b|\b\d{1,2}[./-]\d{1,2}\b", re.IGNORECASE
)
"""An address, a year, a time of day, or a date in figures."""
_ORIGINAL = re.compile(
    r"[-_ ]{3,}\s*(original message|forwarded message|urspr[üu]ngliche nachricht|weitergeleitete nachricht"
    r"|message d.origine|message original|message transf[ée]r[ée]|mensaje original|mensaje reenviado"
    r"|messaggio originale|messaggio inoltrato|mensagem original|mensagem encaminhada)\s*[-_ ]*",
    re.IGNORECASE,
)
_SENDER = re.compile(r"\*?(from|von|de|da)\s?:\*?\s", re.IGNORECASE)
_SENT = re.compile(
    r"\*?(sent|date|gesendet|datum|envoy[ée]|enviado|fecha|inviato|data)( el| em| le)?\s?:", re.IGNORECASE
)
_ADDRESSED = re.compile(
    r"\*?(to|subject|an|betreff|[àa]|objet|para|asunto|assunto|oggetto)\s?:\*?(\s|$)", re.IGNORECASE
)
_FIELD = re.compile(r"\*?[^\W\d_]+( [^\W\d_]+)?\s?:")
_SALUTATION = re.compile(r"[^\W\d_]+( [^\W\d_]+){0,4} ?,")


class Mail(NamedTuple):
    """A mail's own text, and what is quoted by the look of it and not marked as a quote."""

    own: str
    doubtful: str

    @property
    def has_words_of_its_own(self) -> bool:
        """Whether it says anything itself, a salutation aside."""
        return bool(self.own) and not _SALUTATION.fullmatch(self.own)


def parted(text: str) -> Mail:
    """The person's own lines: above a quoted mail, and between and below its ``>`` lines.

    What follows an introduction ("On 2 March 2026 Ana wrote:") is doubtful to the end, unless its lines are marked with
    ``>``. So are lines that begin with ``|``.
    """
    lines = text[:LONGEST].splitlines()
    own: list[str] = []
    doubtful: list[str] = []
    position = 0
    while position < len(lines):
        after = _after_introduction(lines, position)
        if after is None:
            if not _is_quoted(lines[position]):
                (doubtful if lines[position].lstrip().startswith("|") else own).append(lines[position])
            position += 1
        elif any(map(_is_quoted, lines[after:])):
            position = after
        else:
            doubtful += lines[position:]
            break
    return Mail("\n".join(own).strip(), "\n".join(doubtful).strip())


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith((">", "\uff1e"))


def _after_introduction(lines: Sequence[str], position: int) -> int | None:
    """The line after an introduction that begins here, of up to three lines; None where none begins."""
    first = lines[position].strip()
    if _ORIGINAL.fullmatch(first[:LONGEST_INTRODUCTION]):
        return position + 1
    if _SENDER.match(first):
        header = _header(lines[position + 1 : position + LINES_OF_HEADER])
        if any(map(_SENT.match, header)) and any(map(_ADDRESSED.match, header)):
            return position + 1 + len(header)
    for length in (1, 2, 3):
        candidate = " ".join(line.strip() for line in lines[position : position + length])
        if len(candidate) > LONGEST_INTRODUCTION:
            break
        found = _INTRODUCTION.fullmatch(candidate)
        if found and _OF_A_PROGRAM.search(found["when_and_who"]):
            return min(position + length, len(lines))
    return None


def _header(lines: Sequence[str]) -> list[str]:
    """The lines that go on with a header."""
    return list(takewhile(_FIELD.match, map(str.strip, lines)))
