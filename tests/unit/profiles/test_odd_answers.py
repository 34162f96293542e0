"""Klaviyo may be slow, strict or silent, and values odd: whoever can be told is told, and nobody is forgotten."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from commerce_sync.errors import RefusedByVendorError, RetriableError

from tests.fakes.told_world import ToldWorld
from tests.unit.profiles.test_telling import ANA, BO, expected, people


def test_klaviyo_may_be_slow_and_who_was_told_in_time_is_told() -> None:
    """A run ends between two calls, before the machine ends it: what it told is noted, and the others wait."""
    world = ToldWorld(people(19))
    real, world.seconds = world.klaviyo.upsert, 30

    def slow(*given: Any) -> str:
        world.seconds = (world.seconds or 0) - 5
        return real(*given)

    world.klaviyo.upsert = slow  # type: ignore[method-assign, assignment] # as it is, only slower
    world.deliver()
    first = world.mortality.steps["upsert"]
    assert 0 < first < 5
    world.seconds, world.klaviyo.upsert = None, real  # type: ignore[method-assign] # as it was
    world.come_due()
    assert world.klaviyo.profiles == expected(world)
    assert world.mortality.steps["upsert"] == 19


def test_one_address_that_klaviyo_does_not_let_us_ask_about_holds_nobody_up() -> None:
    """Its phone number becomes the custom property; the others fill theirs."""
    world = ToldWorld({email: {"$hubspot_phone": f"+3460011{at:04}"} for at, email in enumerate(people(30))})
    real, odd = world.klaviyo.phones, "p00003@example.com"

    def phones(emails: Sequence[str]) -> Mapping[str, str]:
        if odd in emails:
            raise RefusedByVendorError("klaviyo", 400, "invalid", fields=("filter",))
        return real(emails)

    world.klaviyo.phones = phones  # type: ignore[method-assign] # stricter
    world.deliver()
    world.come_due()
    assert world.klaviyo.profiles.pop(odd) == {"hubspot_phone": "+34600110003"}
    assert {tuple(one) for one in world.klaviyo.profiles.values()} == {("phone_number",)}
    assert len(world.klaviyo.profiles) == 29


def test_a_phone_number_for_which_an_import_is_refused_becomes_the_custom_property() -> None:
    """As it does where the import names it later, or where it is told alone."""
    world = ToldWorld({email: {"$hubspot_phone": f"+3460011{at:04}"} for at, email in enumerate(people(30))})
    real, odd = world.klaviyo.start, "+34600110003"

    def start(rows: Sequence[Any]) -> str:
        places = [at for at, row in enumerate(rows) if row["attributes"].get("phone_number") == odd]
        named = [f"/data/attributes/profiles/data/{at}/attributes/phone_number" for at in places]
        if named:
            raise RefusedByVendorError("klaviyo", 400, "invalid", fields=tuple(named))
        return real(rows)

    world.klaviyo.start = start  # type: ignore[method-assign] # stricter
    world.deliver()
    world.come_due()
    assert world.klaviyo.profiles["p00003@example.com"] == {"hubspot_phone": odd}
    assert len(world.klaviyo.profiles) == 30
    assert world.book.parked() == Counter()


def test_whose_values_are_too_many_to_be_kept_is_refused_and_nobody_else() -> None:
    """An item holds 400 kB: one write more would fail for good, and take the whole batch along."""
    huge: dict[str, str | None] = {f"text_{at}": "x" * 10_000 for at in range(40)}
    world = ToldWorld({**people(2), ANA: huge})
    world.deliver()
    assert world.klaviyo.profiles == {email: one for email, one in expected(world).items() if email != ANA}
    assert world.book.parked() == {"klaviyo: the values are more than can be kept of one address": 1}
    assert world.book.key_of("klaviyo", ANA) not in world.book.items


def test_a_text_of_before_its_field_became_a_number_stays_a_text() -> None:
    """Values outlive the configuration that they were kept under."""
    world = ToldWorld({ANA: {"score": "gold"}, BO: {"score": "7"}})
    world.deliver()
    assert world.klaviyo.profiles == {ANA: {"score": "gold"}, BO: {"score": 7}}


def test_a_write_without_an_answer_that_was_overtaken_leaves_its_address_in_doubt() -> None:
    """It may arrive after the write that overtook it was confirmed: what stands there is the older value."""
    world = ToldWorld({ANA: {"stage": "lead"}})
    real = world.klaviyo.upsert

    def hangs(*_given: Any) -> str:
        world.klaviyo.upsert = real  # type: ignore[method-assign] # as it was
        world.facts[ANA] = {"stage": "customer"}
        world.deliver()
        world.klaviyo.profiles[ANA] = {"stage": "lead"}
        raise RetriableError("klaviyo gave no answer (ReadTimeout)")

    world.klaviyo.upsert = hangs  # type: ignore[method-assign, assignment] # arrives late
    world.deliver()
    world.come_due()
    assert world.klaviyo.profiles == {ANA: {"stage": "customer"}}
