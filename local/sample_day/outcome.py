"""What the stack holds after the day, and the form of a check."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.sample_day.asking import Explained, Undone
from local.sample_day.consenting import Consented
from local.sample_day.elsewhere import Elsewhere
from local.sample_day.forgetting import Forgetting
from local.sample_day.playing import Answered


@dataclass(frozen=True)
class Outcome:
    """What the stack holds after the day, and what came of the privacy requests and the other shops that followed.

    ``people`` are what ``explain`` says of everybody.
    """

    klaviyo: Mapping[str, Any]
    hubspot: Mapping[str, Any]
    status: Mapping[str, Any]
    answers: Sequence[Answered]
    changes: Sequence[Mapping[str, Any]]
    people: Mapping[str, Explained]
    undone: Undone
    consented: Consented
    forgetting: Forgetting
    elsewhere: Elsewhere


@dataclass(frozen=True)
class Check:
    """One thing that must hold, and what is wrong where it does not."""

    what: str
    wrong: Sequence[str]
