"""What somebody changed by hand at Klaviyo: a field that stands there otherwise than it was confirmed. Pure.

It is put right by noting what stands, so that whoever looks next finds a difference from what its owner says, and none
where the two agree: an echo of our own write differs in nothing, and ends here. Left alone are fields that nobody is
sure of (they are told again anyway), those that are told once, and phone numbers, which Klaviyo may have from others.

Another integration that writes the same field each time would go on for ever. So a field of an address is put right so
often a day, and then left as it is, which is said.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from commerce_sync.contracts.fields import FieldLine
from commerce_sync.contracts.told import Told
from commerce_sync.errors import RetriableError
from commerce_sync.profiles.klaviyo_fields import Lines
from commerce_sync.profiles.standing import at_klaviyo
from commerce_sync.profiles.transforms import normal_form

MOST: Final = 3
WITHIN: Final = timedelta(days=1)
Standing = Mapping[str, object]
"""What Klaviyo shows of a profile, by :attr:`FieldLine.key`, as JSON has it."""


@dataclass(frozen=True, slots=True)
class Righted:
    """What is noted (None: nothing), of which fields; and the fields that were put right too often."""

    told: Told | None
    fields: tuple[str, ...] = ()
    given_up: tuple[str, ...] = ()


def drifted(told: Told, standing: Standing, lines: Lines) -> list[str]:
    """The fields that stand otherwise than they were confirmed; none while an address is being told."""
    if told.is_imported or (told.pending and not told.refused):
        return []
    ours = ((key, lines[key]) for key in told.values if key in lines and key not in told.pending)
    return [
        key
        for key, line in ours
        if line.send == "change"
        and line.kind != "phone"
        and not _is(told.values[key], at_klaviyo(line, standing).value, line)
    ]


def righted(told: Told, standing: Standing, lines: Lines, now: datetime) -> Righted:
    """Note what stands, as the next revision."""
    recent = {key: _recent(times, now) for key, times in told.corrections.items()}
    found = drifted(told, standing, lines)
    given_up = tuple(key for key in found if len(recent.get(key, ())) >= MOST)
    fields = tuple(key for key in found if key not in given_up)
    if not fields:
        return Righted(None, given_up=given_up)
    times = {key: (*recent.get(key, ()), now.isoformat()) for key in fields}
    noted = replace(
        told,
        values={**told.values, **{key: at_klaviyo(lines[key], standing).value for key in fields}},
        corrections={key: some for key, some in {**recent, **times}.items() if some},
        revision=told.revision + 1,
    )
    return Righted(noted, fields, given_up)


def counted(known: Mapping[str, Any], number: int, most: int, now: datetime) -> dict[str, Any]:
    """The document of how many profiles were put right today (``day``, ``profiles``), with so many more.

    :raises RetriableError: that is more than a day's: somebody changed many at once, and to change them back may start
        flows for all of them. A person looks first.
    """
    day = now.date().isoformat()
    profiles = number + (known.get("profiles", 0) if known.get("day") == day else 0)
    if profiles > most:
        raise RetriableError(
            f"more than {most} profiles were changed at klaviyo in a day by somebody else: look who did, then set the"
            " cursor forward to leave them so, or MostPutRight up to change them back; tomorrow as many more are"
        )
    return {"day": day, "profiles": profiles}


def reason(fields: Collection[str]) -> str:
    """Why fields are left as they are."""
    return (
        f"klaviyo: something else keeps writing {', '.join(sorted(fields))}: put right {MOST} times within a day, and"
        " left as it is. Stop it there, or take the line out of the field map"
    )


def _recent(times: Collection[str], now: datetime) -> tuple[str, ...]:
    return tuple(at for at in times if now - datetime.fromisoformat(at) < WITHIN)


def _is(told: str | None, stands: str | None, line: FieldLine) -> bool:
    """Whether a value that was told stands there. One that is empty is none."""
    return (normal_form(told, line.type) or told if told else None) == stands
