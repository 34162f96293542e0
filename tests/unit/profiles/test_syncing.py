"""Sources are looked at side by side: one that cannot say now holds up its own people alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pytest
from commerce_sync.contracts.fields import FieldValues
from commerce_sync.errors import RetriableError
from commerce_sync.profiles.syncing import MayGoOn, Met, ProfileSync, Spoken

from tests.fakes.told_world import ToldWorld

ANA, BO = "ana@example.com", "bo@example.com"
BUSY = RetriableError("the identity book is busy")


@dataclass
class OneSource:
    """People by subject. ``fails`` in one of its two steps."""

    facts: Mapping[str, FieldValues]
    fails: str = ""

    def meet(self, subjects: Sequence[str], may_go_on: MayGoOn) -> Met:  # noqa: ARG002 # always in time
        """Everybody."""
        if self.fails == "meet":
            raise BUSY
        return Met({one: (one.partition("#")[2],) for one in subjects})

    def speak(self, met: Met) -> Iterator[Spoken]:
        """What stands there now."""
        for (email,) in met.emails.values():
            yield Spoken("klaviyo", email, self.facts[email])
            if self.fails == "speak":
                raise BUSY

    def ends(self, subject: str) -> datetime | None:  # noqa: ARG002 # as it is
        """Never."""
        return None


@pytest.mark.parametrize("step", ["meet", "speak"])
def test_a_source_that_cannot_say_now_holds_up_its_own_people_alone(step: str) -> None:
    """They wait; the others are told."""
    world = ToldWorld()
    broken, whole = OneSource({BO: {"stage": "lead"}}, step), OneSource({ANA: {"stage": "lead"}})
    sync = ProfileSync({"broken#": broken, "whole#": whole}, [world.telling()], lambda: True)
    outcome = sync.run([f"broken#{BO}", f"whole#{ANA}"])
    assert outcome.waiting == {f"broken#{BO}": BUSY}
    assert world.klaviyo.profiles == {ANA: {"stage": "lead"}}
