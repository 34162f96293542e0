"""A life that a random one was cut down to: an id that went on with somebody else is given back to nobody."""

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.identity.policy import Policy
from commerce_sync.identity.resolution import Observation

from tests.unit.identity.random_lives import Resolution
from tests.unit.identity.strategies import APART_EMAILS, APART_PHONE, APART_RECORDS, PHONES, ROLES, START

POLICY = Policy(role_local_parts=ROLES, most_sharing=2, most_identifiers=80, most_merged=20)
FIRST, SECOND, THIRD = (("shopify:us", str(number)) for number in (1, 2, 3))
ANA, BO, CY, DI, EVE, INFO = (("email", f"{name}@example.com") for name in ("ana", "bo", "cy", "di", "eve", "info"))
CONTACTS = (("hubspot:main", "1"), ("hubspot:main", "3"))
EU, EUS_THIRD = ("woocommerce:eu", "1"), ("woocommerce:eu", "3")


class Drawn:
    """What a step would draw at random."""

    def __init__(self, *values: Any) -> None:
        self.values = list(values)

    def draw(self, *_strategies: object) -> Any:
        """The next."""
        return self.values.pop(0)


def saw(center: Identifier, *others: Identifier, basis: str = "seen") -> Observation:
    """A fact of the first day."""
    by = center[0] if center in CONTACTS else "shopify:us"
    return Observation(center, others, START, by, basis)  # type: ignore[arg-type] # seen or stated


def test_an_unmerge_gives_back_no_id_that_somebody_else_has() -> None:
    """Merged by an operator; then the address of a team went on with the id; then the merge is taken back."""
    life = Resolution()
    life.begin(policy=POLICY, shuffle=Random(5128))  # noqa: S311 # the same orders every time
    life.rival_is_faster(seen=saw(APART_RECORDS[1], APART_EMAILS[0], APART_PHONE))
    life.lose(times=2)
    life.lose(times=1)
    life.rival_is_faster(seen=saw(THIRD, DI, PHONES[0]))
    life.learn(batch=[saw(FIRST, DI), saw(CONTACTS[1], CY), saw(FIRST, EUS_THIRD, EVE, basis="stated")])
    life.rival_is_faster(seen=saw(EVE, PHONES[2]))
    known = saw(CONTACTS[0], CY, ("klaviyo", "2"), basis="stated")
    life.learn(batch=[saw(INFO, PHONES[0]), saw(APART_RECORDS[0]), known])
    life.learn(batch=[saw(FIRST, ("klaviyo", "1"), basis="stated"), saw(EU, ANA, SECOND, basis="stated")])
    life.rotate()
    life.forget(data=Drawn([CY, *CONTACTS, ("klaviyo", "2")]), at=START)
    life.merge(data=Drawn([EUS_THIRD, PHONES[2], EVE]), size=3)
    life.rotate()
    life.merge(data=Drawn([DI, INFO, ANA]), size=3)
    life.learn(batch=[saw(FIRST, basis="stated")])
    life.learn(batch=[saw(THIRD, ANA)])
    life.learn(batch=[replace(saw(FIRST, BO), at=START + timedelta(days=4))])
    life.merge(data=Drawn([PHONES[2], APART_RECORDS[1]]), size=2)
    life.learn(batch=[saw(FIRST, ANA), saw(FIRST, ANA)])
    life.forget(data=Drawn([ANA, DI, PHONES[0], SECOND, THIRD, EU]), at=START)
    entries = life._merges()  # as the machine itself draws one
    joined = next(one for one in entries if any(APART_RECORDS[1] in side.identifiers for side in one.before))
    life.unmerge(data=Drawn(joined, APART_EMAILS[0]))
    life.teardown()
