"""``setup``: which webhooks a store lacks, which of ours are to be mended, and what is only said of the others.

What leads elsewhere is somebody else's and is never touched. Nothing is deleted: a webhook too many is a second
delivery, and a second delivery is harmless. Every run begins with what the store has, so one that was cut short is gone
on with by the next, and what was created although its answer was lost is found there.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

from commerce_sync.contracts.store_webhooks import StoreWebhook, plain
from commerce_sync.errors import NotAllowedError, PermanentError, RetriableError

ALL_OF: Final = "/*"
"""The end of a BigCommerce scope that stands for the events of one thing.

Of what is below (``store/order/refund/created``) its documentation says so for carts alone: the rest is not counted on,
because a second delivery is harmless and a refund that nobody tells is not.
"""
ADDRESS: Final = "address"
"""What is amiss with a webhook that leads to us by an address that names another topic than its own."""


class Webhooks(Protocol):
    """The webhooks of one store."""

    def all(self) -> Sequence[StoreWebhook]:
        """Every one that our credentials may see, whoever's it is."""

    def create(self, topic: str, address: str) -> None:
        """Create one. One that is there already is no failure."""

    def mend(self, webhook: StoreWebhook, address: str) -> None:
        """Switch one on, and make it tell everything, to an address. Repeating it changes nothing."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a store shall tell us. ``ours`` are the addresses that lead to us, that of new webhooks first.

    ``topic_in_address``: nothing but the address says which topic a delivery is of (Recharge).
    """

    topics: Sequence[str]
    ours: Sequence[str]
    topic_in_address: bool = False

    def address(self, topic: str) -> str:
        """Where a new webhook delivers to."""
        return f"{self.ours[0]}/{topic}" if self.topic_in_address else self.ours[0]

    def address_for(self, webhook: StoreWebhook) -> str:
        """Where one of ours shall deliver to: its own address, where it is right.

        What stands behind a store's own address is taken for the topic, so that nothing else may stand there. One that
        is moved gets its topic's own address: stores refuse a second one of a topic at the same.
        """
        right = {plain(f"{base}/{webhook.topic}") for base in self.ours}
        right |= set() if self.topic_in_address else set(map(plain, self.ours))
        if plain(webhook.address) in right:
            return webhook.address
        return self.ours[0] if webhook.topic.endswith(ALL_OF) else f"{self.ours[0]}/{webhook.topic}"

    def is_ours(self, webhook: StoreWebhook) -> bool:
        """Whether it leads to us."""
        return any(webhook.leads_to(base) for base in self.ours)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done: topics to create, webhooks to mend. And what is only said.

    ``doubled`` topics are told by more than one webhook of ours; nothing here reads what those of ``not_used`` tell.
    """

    create: tuple[str, ...] = ()
    mend: tuple[StoreWebhook, ...] = ()
    doubled: tuple[str, ...] = ()
    not_used: tuple[str, ...] = ()


def planned(found: Iterable[StoreWebhook], wanted: Wanted) -> Plan:
    """What a store's webhooks lack. Of several that tell one topic none is mended while one of them is well, but for
    those whose address names another topic: what they tell would be read as that.
    """
    ours = [_judged(one, wanted) for one in found if wanted.is_ours(one)]
    create: list[str] = []
    used = [one for one in ours if any(tells(one, topic) for topic in wanted.topics)]
    mend = {one.webhook_id: one for one in used if ADDRESS in one.amiss}
    doubled: list[str] = []
    for topic in wanted.topics:
        telling = [one for one in ours if tells(one, topic)]
        well = [one for one in telling if not one.amiss]
        if len(well) > 1:
            doubled.append(topic)
        if not telling:
            create.append(topic)
        elif not well and not any(one.webhook_id in mend for one in telling):
            mend[telling[0].webhook_id] = telling[0]
    not_used = {one.topic for one in ours if one not in used}
    return Plan(tuple(create), tuple(mend.values()), tuple(doubled), tuple(sorted(not_used)))


def tells(webhook: StoreWebhook, topic: str) -> bool:
    """Whether a webhook tells of a topic, by itself or among others."""
    named, asked = webhook.topic.lower(), topic.lower()
    return named == asked or (named.endswith(ALL_OF) and asked.rpartition("/")[0] == named.removesuffix(ALL_OF))


def _judged(webhook: StoreWebhook, wanted: Wanted) -> StoreWebhook:
    if wanted.address_for(webhook) == webhook.address:
        return webhook
    return replace(webhook, amiss=(*webhook.amiss, ADDRESS))


@dataclass(slots=True)
class Done:
    """What became of a plan, as far as it went. ``refused`` says why, by topic; ``not_done`` why it ended early."""

    created: list[str] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    not_done: str = ""


def carried_out(webhooks: Webhooks, plan: Plan, wanted: Wanted, *, plan_only: bool) -> Done:
    """Do what is planned, or only say it. A topic that is refused keeps no other up; a store's silence does."""
    done = Done()
    try:
        for one in plan.mend:
            with _refusals(done, one.topic):
                if not plan_only:
                    webhooks.mend(one, wanted.address_for(one))
                done.mended.append(f"{one.topic} ({', '.join(one.amiss)})")
        for topic in plan.create:
            with _refusals(done, topic):
                if not plan_only:
                    webhooks.create(topic, wanted.address(topic))
                done.created.append(topic)
    except RetriableError as error:
        done.not_done = str(error)
    return done


def told_of(plan: Plan, done: Done) -> dict[str, Any]:
    """What a person should know of a store's webhooks beside what was done."""
    said = {
        "doubled": list(plan.doubled),
        "not_used": list(plan.not_used),
        "refused": done.refused,
        "not_done": done.not_done,
    }
    return {name: one for name, one in said.items() if one}


@contextmanager
def _refusals(done: Done, topic: str) -> Iterator[None]:
    """Write down that a topic was refused, and go on."""
    try:
        yield
    except (NotAllowedError, PermanentError) as error:
        done.refused[topic] = str(error)
