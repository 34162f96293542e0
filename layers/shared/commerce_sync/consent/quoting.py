"""What a person wrote in a mail or note, without what it quotes: our own footer says "unsubscribe"."""

import re
from collections.abc import Sequence

LONGEST = 20_000
"""Characters of a mail that are read."""
LONGEST_INTRODUCTION = 300

_INTRODUCTION = re.compile(
    r"(on|am|le|el|il|il giorno|em|a) .*"
    r"(wrote|schrieb.{0,120}|a [ée]crit|escribi[óo]|ha scritto|escreveu) ?:",
    re.IGNORECASE | re.DOTALL,
)
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


def without_quotes(text: str) -> str:
    """The person's own lines: above a quoted mail, and between and below its ``>`` lines.

    What follows an introduction ("On Monday Ana wrote:") is quoted to the end, unless its lines are marked with ``>``.
    """
    lines = text[:LONGEST].splitlines()
    own: list[str] = []
    position = 0
    while position < len(lines):
        after = _after_introduction(lines, position)
        if after is None:
            own.extend([] if _is_quoted(lines[position]) else [lines[position]])
            position += 1
        elif any(map(_is_quoted, lines[after:])):
            position = after
        else:
            break
    return "\n".join(own).strip()


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith((">", "|", "\uff1e"))


def _after_introduction(lines: Sequence[str], position: int) -> int | None:
    """The line after an introduction that begins here, of up to three lines; None where none begins."""
    first = lines[position].strip()
    if _ORIGINAL.fullmatch(first[:LONGEST_INTRODUCTION]):
        return position + 1
    if _SENDER.match(first) and any(_SENT.match(line.strip()) for line in lines[position + 1 : position + 4]):
        return position + 1
    for length in (1, 2, 3):
        candidate = " ".join(line.strip() for line in lines[position : position + length])
        if len(candidate) <= LONGEST_INTRODUCTION and _INTRODUCTION.fullmatch(candidate):
            return min(position + length, len(lines))
    return None
