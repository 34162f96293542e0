"""A random world of addresses: acts that are told in any order, twice, late and through crashes, beside all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

from commerce_sync.consent import fold
from commerce_sync.contracts.consent import CLEAR, Address, ConsentRecord, Strength
from commerce_sync.contracts.consent_book import Chain, Decided
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.fakes.consent_ledger import MemoryLedger, key_of
from tests.unit.consent.exhibits import TWO
from tests.unit.consent.kinds import LATER, MINUTES, OUTS, SENDERS, STRENGTHS, said
from tests.unit.consent.oracle import counted, expected

ADDRESSES: tuple[Address, ...] = (("email", "ana@example.com"), ("email", "ben@example.com"), ("sms", "+12025550111"))
SEVERAL = 4


class CrashError(Exception):
    """The worker is gone."""


@cache
def acts(address: Address) -> tuple[ConsentRecord, ...]:
    """All that may ever be said of an address, by people, by machines and by nobody who can be understood."""
    common: dict[str, Any] = {"channel": address[0], "address_key": key_of(address)}
    own = [
        said(strength, minute, sender=sender, **common)
        for strength in STRENGTHS
        for minute in MINUTES
        for sender in SENDERS
    ]
    future = {"received": 30, "record_id": "future"}
    odd = [
        said("info", 5, action="hold", record_id="unclear", **common),
        said("info", 60, action="hold", actor="system", record_id="unknown", **common),
        said("strong_in", 0, method="paid_lead", record_id="bought", **common),
        said("strong_in", 90, method="paid_lead", record_id="bought later", **common),
        said("strong_in", 600, **{**common, **future, "record_id": "tomorrow"}),
        said("pref_out", 600, **{**common, **future, "record_id": "left tomorrow"}),
        said("verified_in", 90, occurred_trust="untrusted", record_id="not trusted", **common),
    ]
    by_machine = [one.model_copy(update={"actor": "system", "record_id": f"bulk {one.record_id}"}) for one in own]
    return (*own, *odd, *by_machine)


class World(RuleBasedStateMachine):
    """One ledger, beside a list of all that it ever accepted."""

    @initialize(shuffle=st.randoms(use_true_random=True))
    def begin(self, shuffle: Random) -> None:
        """Nothing is known of anybody."""
        self.shuffle, self.ledger = shuffle, MemoryLedger()
        self.heard: dict[Address, dict[str, ConsentRecord]] = {address: {} for address in ADDRESSES}
        self.late: list[tuple[Address, ConsentRecord]] = []
        self.profiles: list[set[Address]] = [{address} for address in ADDRESSES]

    @rule(address=st.sampled_from(ADDRESSES), number=st.integers(0, len(acts(ADDRESSES[0])) - 1))
    def hear(self, address: Address, number: int) -> None:
        """Something is said, perhaps again."""
        self._deliver(address, acts(address)[number])

    @rule(address=st.sampled_from(ADDRESSES), number=st.integers(0, len(acts(ADDRESSES[0])) - 1))
    def hear_late(self, address: Address, number: int) -> None:
        """Something is said, and waits in a queue."""
        self.late.append((address, acts(address)[number]))

    @rule(order=st.integers(0, 1000), again=st.booleans())
    def deliver_late(self, order: int, again: bool) -> None:  # noqa: FBT001 # drawn
        """Out of order, and perhaps not for the last time."""
        if not self.late:
            return
        place = order % len(self.late)
        self._deliver(*(self.late[place] if again else self.late.pop(place)))

    @rule(address=st.sampled_from(ADDRESSES), number=st.integers(0, len(acts(ADDRESSES[0])) - 1))
    def crash(self, address: Address, number: int) -> None:
        """The worker dies before its write: nothing is known of it, and it comes again later."""
        before = self.ledger.read([address])[address]

        def die(_address: Address, _record: ConsentRecord) -> None:
            raise CrashError

        self.ledger.before_write = die
        try:
            self._append(address, acts(address)[number])
        except CrashError:
            self.late.append((address, acts(address)[number]))
        finally:
            self.ledger.before_write = lambda _address, _record: None
        assert self.ledger.read([address])[address] == before

    @rule(address=st.sampled_from(ADDRESSES), people=st.integers(1, 2), order=st.integers(0, 1000))
    def correct(self, address: Address, people: int, order: int) -> None:
        """One or two people void what was heard, whoever said it."""
        names = sorted(self.heard[address])
        voids = [name for place, name in enumerate(names) if (order + place) % SEVERAL == 0]
        evidence = {"voids": voids, "approved_by": TWO[:people]}
        self._decide(address, "correction", evidence)

    @rule(address=st.sampled_from(ADDRESSES), held=st.sampled_from(["unclear", "unknown"]), out=st.booleans())
    def review(self, address: Address, held: str, out: bool) -> None:  # noqa: FBT001 # drawn
        """A person decides a hold, to OUT or back."""
        self._decide(address, "review", {"decides": [held]}, "pref_out" if out else "info")

    @rule(address=st.sampled_from(ADDRESSES), minute=st.sampled_from(MINUTES))
    def erase(self, address: Address, minute: int | None) -> None:
        """The person is forgotten: what names them is unreadable, and OUT stays."""
        common: dict[str, Any] = {"channel": address[0], "address_key": key_of(address)}
        self._deliver(address, said("hard_out", minute, method="erasure", record_id=f"erased {minute}", **common))
        chain = self.ledger.read([address])[address]
        self.ledger.chains[address] = replace(chain, records=tuple(map(_shredded, chain.records)))
        self._compare(address)

    @rule(one=st.integers(0, 2), other=st.integers(0, 2))
    def merge(self, one: int, other: int) -> None:
        """Two profiles become one: the addresses keep what is theirs."""
        first, second = self.profiles[one % len(self.profiles)], self.profiles[other % len(self.profiles)]
        if first is not second:
            self.profiles.remove(second)
            first |= second
        self._compare(min(first))

    def teardown(self) -> None:
        """Whatever waited is delivered; the end is the same."""
        for address, record in getattr(self, "late", ()):
            self._append(address, record)
            self.heard[address][record.record_id] = record
        for address in ADDRESSES if hasattr(self, "ledger") else ():
            self._compare(address)

    def _decide(self, address: Address, action: str, evidence: Mapping[str, Any], strength: Strength = "info") -> None:
        common: dict[str, Any] = {"channel": address[0], "address_key": key_of(address), "actor": "staff"}
        name = f"{action} {len(self.heard[address])}"
        self._deliver(address, said(strength, 90, record_id=name, action=action, evidence=evidence, **common))

    def _deliver(self, address: Address, record: ConsentRecord) -> None:
        before = self.ledger.read([address])[address]
        if record.record_id in self.heard[address]:
            assert not self._append(address, record)
            assert self.ledger.read([address])[address] is before
            return
        assert self._append(address, record)
        self.heard[address][record.record_id] = record
        self._compare(address)

    def _append(self, address: Address, record: ConsentRecord) -> bool:
        return self.ledger.append(address, record, lambda _chain, _record: Decided()).is_new

    def _compare(self, address: Address) -> None:
        """The ledger's fold is the fold of the set of all that was accepted, and what the oracle says."""
        heard = list(self.heard[address].values())
        state = self._state(address)
        self.shuffle.shuffle(heard)
        assert fold(heard, sender="a", at=LATER).state == state
        assert expected(heard, "a") == state
        assert state != "in" or _is_later_than_opt_outs(heard)

    def _state(self, address: Address) -> str:
        chain: Chain = self.ledger.read([address])[address]
        return fold(chain.records, sender="a", at=LATER).state


def _shredded(record: ConsentRecord) -> ConsentRecord:
    return record.model_copy(
        update={"evidence": {key: value for key, value in record.evidence.items() if key in CLEAR}}
    )


def _is_later_than_opt_outs(records: Sequence[ConsentRecord]) -> bool:
    """Whether some opt-in is newer than every opt-out of a person that concerns the brand."""
    outs = [one for one in records if one.action == "withdraw" and one.actor != "system" and one.sender in {"a", "*"}]
    dated = [one for one in records if one.action == "grant" and one.occurred_at and one.strength not in OUTS]
    newest = max((counted(one)[0] for one in outs), default=None)
    return newest is None or any(counted(one)[0] > newest for one in dated)
