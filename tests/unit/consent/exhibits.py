"""A small collection of sets of records on which each rule shows, with what the oracle or the facts say of them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from commerce_sync.contracts.consent import Channel, ConsentRecord, ConsentState, Strength

from tests.unit.consent.kinds import LATER, NOON, OUTS, STRONG, kinds, multisets, said
from tests.unit.consent.oracle import expected

Fold = Callable[..., ConsentState]
Exhibit = tuple[Sequence[ConsentRecord], str, str]
QUESTIONS: tuple[tuple[Channel, str], ...] = (("email", "a"), ("sms", "a"), ("sms", "b"))
TWO = ("Ana", "Ben")


def correction(*voids: str, by: Sequence[str] = TWO) -> ConsentRecord:
    """A correction of some records, approved by some people."""
    evidence = {"voids": voids, "approved_by": by}
    return said("info", 50, record_id="correction", action="correction", actor="staff", evidence=evidence)


def review(
    minute: int = 20, decides: Sequence[str] = ("held",), strength: Strength = "info", **more: Any
) -> ConsentRecord:
    """A decision about a hold."""
    fields = {"record_id": "review", "actor": "staff", "evidence": {"decides": decides}, **more}
    return said(strength, minute, action="review", **fields)


def by_the_oracle() -> Iterator[tuple[Sequence[ConsentRecord], str]]:
    """Pairs of all 72 kinds; triples of what decides, on two clocks, received at once and late, with decisions."""
    for channel, sender in QUESTIONS:
        for some in multisets(kinds(channel), 2):
            yield some, sender
    decisive = [said(strength, minute, sender="a") for strength in (*OUTS, *STRONG) for minute in (0, 5, 60, None)]
    checkout: dict[str, Any] = {"method": "checkout", "record_id": "checkout"}
    odd = [
        said("info", 5, action="hold", record_id="held", actor="system"),
        review(),
        review(decides=("another",), record_id="of another"),
        review(strength="pref_out", record_id="to OUT"),
        said("strong_in", 90, country="DE", record_id="German"),
        said("strong_in", 90, received=30, record_id="of tomorrow"),
        said("pref_out", 90, received=30, record_id="left tomorrow"),
        said("strong_in", 33, received=30, record_id="soon"),
        said("verified_in", 40, record_id="after", source="shop"),
        said("verified_in", 90, occurred_trust="untrusted", record_id="not trusted"),
        said("hard_out", 0, received=40, occurred_trust="untrusted", record_id="left, not trusted"),
        said("pref_out", 5, actor="system", record_id="by mistake"),
        correction("by mistake", "held", "hard_out-0-a", "strong_in-60-a"),
    ]
    for some in multisets([*decisive, *odd], 3):
        yield some, "a"
    phone = [said(strength, minute, channel="sms") for strength in (*OUTS, *STRONG) for minute in (0, 5, 60)]
    for some in multisets([*phone, said("strong_in", 90, channel="sms", **checkout)], 3):
        yield some, "a"
    yield [said("strong_in", 0, **checkout)], "a"


def by_hand() -> Iterator[Exhibit]:
    """What only the notes under the rules speak of."""
    old = said("strong_in", -60 * 24 * 800, expires_rule="casl_purchase")
    yield [old], "a", "none"
    yield [said("strong_in", 0, expires_rule="casl_purchase")], "a", "in"
    yield [said("pref_out", -60 * 24 * 800, expires_rule="casl_purchase")], "a", "out"
    yield [said("strong_in", 0, expires_rule="nobody wrote this down")], "a", "hold"
    yield [said("pref_out", 0), said("verified_in", 2, received=3, source="shop")], "a", "in"
    yield [said("pref_out", 32), said("strong_in", 33, received=30)], "a", "in"
    yield [said("pref_out", None, received=40), said("strong_in", 90, received=42)], "a", "out"
    yield [said("pref_out", None, received=40), said("strong_in", 90, received=46)], "a", "in"
    held = said("info", 5, action="hold", record_id="held")
    yield [held, review(decides=()), said("strong_in", 0)], "a", "in"
    yield [held, review(4, decides=()), said("strong_in", 0)], "a", "hold"
    yield [held, review(actor="system"), said("strong_in", 0)], "a", "hold"
    yield [held, review(strength="pref_out"), said("strong_in", 90)], "a", "in"
    mistake = said("pref_out", 5, actor="system", record_id="by mistake")
    echo = mistake.model_copy(update={"record_id": "echo", "evidence": {"echo_of": ["by mistake"]}})
    of_both = echo.model_copy(update={"record_id": "echo of both", "evidence": {"echo_of": ["by mistake", "echo"]}})
    of_a_person = echo.model_copy(update={"record_id": "of a person", "evidence": {"echo_of": ["own", "by mistake"]}})
    own = said("pref_out", 5, record_id="own")
    grant = said("strong_in", 0)
    yield [grant, mistake, echo, of_both, correction("by mistake")], "a", "in"
    yield [grant, mistake, of_a_person, correction("by mistake")], "a", "out"
    yield [grant, own, correction("own")], "a", "out"
    yield [grant, mistake, correction("by mistake", by=("Ana", " ana "))], "a", "out"


@cache
def collection() -> tuple[Exhibit, ...]:
    """All of them, each once."""
    return (*by_hand(), *((some, sender, expected(some, sender)) for some, sender in by_the_oracle()))


def first_wrong(fold: Fold) -> str | None:
    """The first exhibit on which a fold is wrong, in words; None where it is right about all."""
    for records, sender, state in collection():
        answer = fold(records, sender=sender, at=LATER).state
        if answer != state:
            return f"{[one.record_id for one in records]} for {sender}: {answer}, not {state}"
    return _accepted_a_mixture(fold)


def _accepted_a_mixture(fold: Fold) -> str | None:
    ours = said("strong_in", 0)
    for other in ({"address_key": "another"}, {"purpose": "another"}, {"tenant": "another"}, {"channel": "sms"}):
        try:
            fold([ours, ours.model_copy(update=other)], sender="a", at=NOON + timedelta(days=1))
        except ValueError:
            continue
        return f"folded together: {other}"
    return None
