"""Which webhooks a store lacks, and that a set-up that is cut short anywhere is only gone on with."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest
from commerce_sync.contracts.store_webhooks import StoreWebhook
from commerce_sync.errors import PermanentError, RetriableError
from commerce_sync.operating.store_webhooks import Plan, Wanted, carried_out, planned, tells, told_of
from hypothesis import given
from hypothesis import strategies as st

OURS, OLD = "https://sync.example.com/webhooks/recharge/us", "https://api.example.com/webhooks/recharge/us"
THEIRS = "https://other.example.com/webhooks/recharge/us"
TOPICS = ("subscription/created", "subscription/updated", "customer/created")
WANTED = Wanted(TOPICS, (OURS, OLD))
BY_ADDRESS = replace(WANTED, topic_in_address=True)


def webhook(topic: str, address: str = OURS, *amiss: str, number: int = 1) -> StoreWebhook:
    """One of a store's."""
    return StoreWebhook(str(number), topic, address, amiss)


@dataclass
class Shop:
    """A store that does what it is told, until ``dies_at`` so many writes; then the answer to the last one is lost."""

    standing: list[StoreWebhook]
    dies_at: int = 1_000
    refuses: frozenset[str] = frozenset()
    writes: int = 0
    touched: set[str] = field(default_factory=set)

    def all(self) -> Sequence[StoreWebhook]:
        """All."""
        return list(self.standing)

    def create(self, topic: str, address: str) -> None:
        """One more."""
        if topic in self.refuses:
            raise PermanentError("no such topic")
        self.standing.append(StoreWebhook(f"new {len(self.standing)}", topic, address))
        self._written()

    def mend(self, webhook: StoreWebhook, address: str) -> None:
        """On, and everything to the address."""
        self.touched.add(webhook.webhook_id)
        place = next(at for at, one in enumerate(self.standing) if one.webhook_id == webhook.webhook_id)
        self.standing[place] = replace(self.standing[place], amiss=(), address=address)
        self._written()

    def _written(self) -> None:
        self.writes += 1
        if self.writes >= self.dies_at:
            raise RetriableError("no answer")


def test_what_is_missing_is_created_and_what_stands_is_left() -> None:
    """An address of before, and one that names the topic besides, are right as well."""
    found = [webhook(TOPICS[0], OLD.replace("api", "API") + "/"), webhook(TOPICS[1], f"{OURS}/{TOPICS[1]}", number=2)]

    assert planned(found, WANTED) == Plan(create=(TOPICS[2],))


def test_what_leads_elsewhere_is_nobody_of_ours() -> None:
    """Neither counted nor mended, however near its address is."""
    near = [THEIRS, f"{OURS}-test", OURS.replace("https", "http"), OURS.replace("/us", "/eu"), ""]
    found = [webhook(topic, address, "disabled") for topic in TOPICS for address in near]

    assert planned(found, WANTED) == Plan(create=TOPICS)


def test_what_is_amiss_is_mended_unless_another_tells_the_same() -> None:
    """A second one that is off costs nothing and stays off."""
    off, well = webhook(TOPICS[0], OURS, "disabled"), webhook(TOPICS[1], number=3)
    found = [off, webhook(TOPICS[1], OURS, "paused", number=2), well, webhook(TOPICS[2], number=4)]

    assert planned(found, WANTED) == Plan(mend=(off,))


def test_a_topic_that_is_told_twice_and_one_that_nobody_reads_are_only_said() -> None:
    """Nothing is deleted."""
    found = [webhook(topic, number=number) for number, topic in enumerate([*TOPICS, TOPICS[0], "charge/paid"])]
    plan = planned(found, WANTED)

    assert plan == Plan(doubled=(TOPICS[0],), not_used=("charge/paid",))
    done = carried_out(Shop(found), plan, WANTED, plan_only=False)
    assert told_of(plan, done) == {"doubled": [TOPICS[0]], "not_used": ["charge/paid"]}


def test_a_scope_that_stands_for_many_tells_each_of_them() -> None:
    """BigCommerce's ``store/order/*``, and topics in other letters."""
    wanted = Wanted(("store/order/created", "store/order/statusUpdated", "store/orders/x"), (OURS,))

    assert planned([webhook("store/order/*")], wanted) == Plan(create=("store/orders/x",))
    assert tells(webhook("store/cart/*"), "store/cart/updated")
    assert planned([webhook("store/order/statusupdated")], wanted).create == ("store/order/created", "store/orders/x")
    off = webhook("store/order/*", OURS, "disabled")
    assert planned([off], wanted) == Plan(create=("store/orders/x",), mend=(off,))


def test_a_refund_is_not_left_to_a_scope_that_may_not_tell_it() -> None:
    """No documentation says that ``store/order/*`` tells what is below an order."""
    wanted = Wanted(("store/order/created", "store/order/refund/created"), (OURS,))

    assert planned([webhook("store/order/*")], wanted) == Plan(create=("store/order/refund/created",))


def test_an_address_that_names_another_topic_is_mended() -> None:
    """What stands behind the store's address is believed before the header."""
    found = [webhook(TOPICS[0], f"{OURS}/{TOPICS[1]}"), webhook(TOPICS[1]), webhook(TOPICS[2], number=2)]
    plan = planned(found, WANTED)

    assert plan == Plan(mend=(replace(found[0], amiss=("address",)),))
    assert WANTED.address_for(found[0]) == f"{OURS}/{TOPICS[0]}"
    assert WANTED.address_for(webhook("store/order/*", f"{OURS}/{TOPICS[1]}")) == OURS


@pytest.mark.parametrize("wanted", [WANTED, BY_ADDRESS], ids=["by header", "by address"])
def test_one_that_tells_its_topic_as_another_is_mended_though_another_tells_it_well(wanted: Wanted) -> None:
    """A paused subscription that comes in as a new one would be told as one."""
    well = [webhook(topic, f"{OURS}/{topic}", number=number) for number, topic in enumerate(TOPICS)]
    wrong = webhook(TOPICS[1], f"{OURS}/{TOPICS[0]}", number=7)
    shop = Shop([wrong, *well])
    plan = planned(shop.all(), wanted)

    assert [one.webhook_id for one in plan.mend] == ["7"]
    carried_out(shop, plan, wanted, plan_only=False)
    assert shop.standing[0].address == f"{OURS}/{TOPICS[1]}"
    assert planned(shop.all(), wanted).mend == ()


@pytest.mark.parametrize("address", ["https://[half", "https://shop\u2100.example.com/x", "arn:aws:events:x/y", "  "])
def test_what_somebody_else_holds_as_an_address_stops_nobody(address: str) -> None:
    """Of one that cannot be read at all nothing is known but that it is not ours."""
    assert planned([webhook(TOPICS[0], address)], WANTED).create == TOPICS


def test_an_address_that_has_to_name_the_topic_is_mended_where_it_names_another() -> None:
    """Recharge says a delivery's topic nowhere else."""
    right = [webhook(TOPICS[0], f"{OLD}/{TOPICS[0]}"), webhook(TOPICS[1], f"{OURS}/{TOPICS[1]}/", number=2)]
    wrong = webhook(TOPICS[2], f"{OURS}/{TOPICS[0]}", number=3)
    plan = planned([*right, wrong], BY_ADDRESS)
    shop = Shop([*right, wrong])

    assert plan == Plan(mend=(replace(wrong, amiss=("address",)),))
    carried_out(shop, plan, BY_ADDRESS, plan_only=False)
    assert shop.standing[2].address == f"{OURS}/{TOPICS[2]}"


def test_a_plan_touches_nothing_and_says_what_would_be_done() -> None:
    """To the topic."""
    shop = Shop([webhook(TOPICS[0], OURS, "disabled", "format XML")])
    plan = planned(shop.all(), WANTED)
    would = carried_out(shop, plan, WANTED, plan_only=True)

    assert (would.created, would.mended, shop.writes) == (
        [*TOPICS[1:]],
        [f"{TOPICS[0]} (disabled, format XML)"],
        0,
    )
    assert carried_out(shop, plan, WANTED, plan_only=False) == would


def test_a_refused_topic_keeps_no_other_up_and_a_silent_store_says_how_far_it_got() -> None:
    """Each by itself; a scope that one topic needs is a refusal of that topic."""
    refusing = Shop([], refuses=frozenset({TOPICS[0]}))
    done = carried_out(refusing, planned([], WANTED), WANTED, plan_only=False)
    assert (done.created, done.refused) == ([*TOPICS[1:]], {TOPICS[0]: "no such topic"})

    silent = Shop([], dies_at=2)
    done = carried_out(silent, planned([], WANTED), WANTED, plan_only=False)
    assert (done.created, done.not_done) == ([TOPICS[0]], "no answer")


a_webhook = st.builds(
    StoreWebhook,
    webhook_id=st.uuids().map(str),
    topic=st.sampled_from([*TOPICS, "charge/paid", "subscription/*"]),
    address=st.sampled_from([OURS, OLD, THEIRS, *(f"{OURS}/{topic}" for topic in TOPICS)]),
    amiss=st.sampled_from([(), ("disabled",), ("format XML", "a filter")]),
)


@pytest.mark.parametrize("wanted", [WANTED, BY_ADDRESS], ids=["by header", "by address"])
@given(
    standing=st.lists(a_webhook, max_size=8, unique_by=lambda one: one.webhook_id), deaths=st.lists(st.integers(1, 4))
)
def test_however_often_it_dies_it_ends_complete_and_then_writes_nothing(
    wanted: Wanted, standing: list[StoreWebhook], deaths: list[int]
) -> None:
    """Every topic is told, none was created that was told already, and others' webhooks are as they were."""
    shop = Shop(list(standing))
    for dies_at in [*deaths, 1_000]:
        shop.writes, shop.dies_at = 0, dies_at
        carried_out(shop, planned(shop.all(), wanted), wanted, plan_only=False)
    at_rest = planned(shop.all(), wanted)

    assert (at_rest.create, at_rest.mend) == ((), ())
    new = [one.topic for one in shop.standing if one.webhook_id.startswith("new")]
    assert len(new) == len(set(new))
    assert not {one.topic for one in standing if wanted.is_ours(one)} & set(new)
    others = [one for one in standing if not wanted.is_ours(one)]
    assert [one for one in shop.standing if one in others] == others
    assert not shop.touched & {one.webhook_id for one in others}
