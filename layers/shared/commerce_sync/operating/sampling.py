"""``sample_contacts``: what an operator asks of a sample, and is told of it. Pure; addresses are masked.

Other values are shown as they are, as ``plan`` shows them: answers are not logged.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from commerce_sync.contracts.samples import ALIKE, Code, ComparedField, SampleFigures
from commerce_sync.operating.arguments import Arguments, texts, whole_number
from commerce_sync.operating.masking import masked

MOST: Final = 500
MOST_NAMED: Final = 100
MOST_SHOWN: Final = 100
LONGEST_SEED: Final = 64


@dataclass(frozen=True, slots=True)
class Wanted:
    """``number`` people at random, as ``seed`` chooses them; or those of ``emails``."""

    number: int
    seed: str = ""
    emails: tuple[str, ...] = ()


def wanted(arguments: Arguments, usually: int) -> Wanted:
    """Who is meant.

    :raises ValueError: somebody is named, and random ones are asked for too; or an argument is none.
    """
    if "emails" in arguments:
        if arguments.keys() & {"number", "seed"}:
            raise ValueError("sample_contacts takes emails, or number and seed")
        return Wanted(0, emails=tuple(texts(arguments, "emails", most=MOST_NAMED)))
    seed = arguments.get("seed", "")
    if not isinstance(seed, str) or len(seed) > LONGEST_SEED:
        raise ValueError(f"seed is a text of at most {LONGEST_SEED} characters")
    return Wanted(whole_number(arguments, "number", unless_said=min(usually, MOST), most=MOST), seed)


def answer(figures: SampleFigures, differing: Sequence[ComparedField], meanings: Mapping[Code, str]) -> dict[str, Any]:
    """The figures, the first fields that are not alike, and what their codes mean."""
    shown = differing[:MOST_SHOWN]
    return {
        **figures.model_dump(mode="json", exclude={"schema_version"}),
        "differences": [_shown(one) for one in shown],
        "not_shown": len(differing) - len(shown),
        "meanings": {code: meanings[code] for code in sorted(figures.codes)},
    }


def at_a_glance(figures: SampleFigures | None) -> dict[str, Any] | None:
    """What ``status`` says of the last sample; None before there was one."""
    if figures is None:
        return None
    differing = Counter({code: number for code, number in figures.codes.items() if code not in ALIKE})
    return {
        "date": figures.date.isoformat(),
        "contacts": figures.contacts,
        "fields": figures.fields,
        "differing": dict(sorted(differing.items())),
        "unexplained_percent": figures.unexplained_percent,
        "report": figures.report,
    }


def _shown(one: ComparedField) -> dict[str, Any]:
    values = {"owner": one.owner, "made": one.made, "told": one.told, "there": one.there}
    about = {"email": masked(one.email), "destination": one.destination, "field": one.field, "code": one.code}
    return {
        **about,
        **{name: _masked(value) for name, value in values.items()},
        **({"words": one.words} if one.words else {}),
    }


def _masked(value: str | None) -> str | None:
    is_address = value is not None and ("@" in value or value.startswith("+"))
    return masked(value or "") if is_address else value
