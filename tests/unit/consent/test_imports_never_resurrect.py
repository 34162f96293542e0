"""No import, re-sync or mirrored state brings back anybody who left, however many rows it has."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest
from commerce_sync.consent import fold
from commerce_sync.contracts.consent import Address, ConsentRecord
from commerce_sync.contracts.consent_book import Chain, Decided

from tests.fakes.consent_ledger import MemoryLedger, key_of
from tests.unit.consent.kinds import LATER, NOON, said

PEOPLE = 5_000
ROWS = 100_000
PER_PERSON = ROWS // PEOPLE
MAYBE = frozenset({"none", "weak", "pending", "in"})


def address_of(person: int) -> Address:
    """A person's address."""
    return ("sms", f"+1202555{person:04d}") if person % 2 else ("email", f"person{person}@example.com")


def left(person: int) -> ConsentRecord:
    """How a person left: by STOP or complaint, or by a preference; now and then without a time."""
    return said(
        "hard_out" if person % 3 else "pref_out",
        None if person % 5 == 0 else 30,
        channel=address_of(person)[0],
        address_key=key_of(address_of(person)),
    )


def rows(person: int, chance: Random) -> Iterator[ConsentRecord]:
    """Rows of bulk files and mirrored states about a person, undated, dated before and after, and of the future."""
    for number in range(PER_PERSON):
        minute = chance.choice([None, -100_000, 0, 29, 30, 31, 36, 600, 9_000_000])
        is_mirror = chance.random() < 0.5
        yield said(
            "weak_in",
            minute,
            received=chance.choice([25, 45, 600]),
            record_id=f"row {number}",
            channel=address_of(person)[0],
            address_key=key_of(address_of(person)),
            source=chance.choice(["klaviyo", "hubspot", "handset", "shop"]),
            actor="system",
            method="profile_state" if is_mirror else "import",
            sender=chance.choice(["a", "*"]),
        )


def test_an_import_of_100_000_rows_brings_back_nobody() -> None:
    """Neither after any row nor at the end, for 5,000 people who left before, amid or after it."""
    ledger, chance = MemoryLedger(), Random(4)  # noqa: S311 # the same rows each time
    back: list[Address] = []

    def watch(chain: Chain, record: ConsentRecord) -> Decided:
        if any(one.action == "withdraw" for one in chain.records):
            state = fold((*chain.records, record), sender="a", at=LATER).state
            back.extend([chain.address] if state in MAYBE else [])
        return Decided()

    for person in range(PEOPLE):
        said_of = list(rows(person, chance))
        said_of.insert((0, PER_PERSON // 2, PER_PERSON)[person % 3], left(person))
        for record in said_of:
            ledger.append(address_of(person), record, watch)
    assert sum(len(chain.records) for chain in ledger.chains.values()) == ROWS + PEOPLE
    assert back == []
    states = {fold(chain.records, sender="a", at=LATER).state for chain in ledger.chains.values()}
    assert states == {"out"}


def state_of(*records: ConsentRecord) -> str:
    """The shipped answer a month later."""
    return fold(records, sender="a", at=LATER).state


def test_a_resync_of_the_shop_does_not_resubscribe_who_unsubscribed_elsewhere() -> None:
    """mailchimp/mc-woocommerce 1264: a re-sync of all customers made thousands subscribed again."""
    resync = said("weak_in", 600, source="woocommerce:main", actor="system", method="profile_state")
    assert state_of(said("strong_in", 0), said("pref_out", 60), resync) == "out"


def test_an_old_checkbox_sent_again_at_a_later_order_is_the_old_opt_in() -> None:
    """mailchimp/mc-woocommerce 591: the shop's stored flag rode along with each new order."""
    ticked = said("strong_in", 0, source="woocommerce:main")
    with_the_order = ticked.model_copy(update={"record_id": "again", "received_at": NOON + timedelta(days=9)})
    assert state_of(ticked, said("pref_out", 60), with_the_order) == "out"


@pytest.mark.parametrize("minute", [None, 0, 600])
def test_a_customer_saved_in_the_shop_is_no_opt_in(minute: int | None) -> None:
    """mailchimp/mc-woocommerce 688: an update of the profile set the status anew."""
    saved = said("weak_in", minute, source="woocommerce:main", actor="system", method="profile_state")
    assert state_of(said("pref_out", 60, source="mailchimp"), saved) == "out"


def test_a_suppression_outlives_the_subscribed_flag_beside_it() -> None:
    """As in dotmailer magento2 565: suppressed and subscribed were both true, and the suppression was ignored."""
    suppressed = said("hard_out", 0, source="klaviyo", method="suppression", actor="system")
    subscribed = said("weak_in", 0, source="klaviyo", method="profile_state", actor="system")
    assert state_of(suppressed, subscribed) == "out"
    assert state_of(suppressed, said("strong_in", 0, source="klaviyo")) == "out"


def test_a_merge_of_stores_adds_statements_and_moves_none() -> None:
    """Two stores' records of one address: the union counts, in either order."""
    one, other = said("strong_in", 0, source="shopify:us"), said("pref_out", 60, source="shopify:eu")
    assert state_of(one, other) == state_of(other, one) == "out"
