"""Who is one person: a pure function of the links and the operators' separations, whatever order they came in.

DECISIONS.md (identity is a fold over links) gives the rules; the steps have their numbers here.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from commerce_sync.contracts.identity_book import Identifier, Link, Separation
from commerce_sync.identity.conflicts import Conflict, of_profiles
from commerce_sync.identity.policy import Policy, is_email, is_phone, is_record
from commerce_sync.identity.separating import cut, is_parted
from commerce_sync.identity.units import Units


@dataclass(frozen=True, slots=True)
class Partition:
    """Every identifier in exactly one profile, and what kept some of them apart."""

    profiles: frozenset[frozenset[Identifier]]
    conflicts: tuple[Conflict, ...]
    wide: frozenset[Identifier]


def fold(
    members: Iterable[Identifier],
    links: Iterable[Link],
    separations: Iterable[Separation],
    policy: Policy,
    wide: Iterable[Identifier] = (),
) -> Partition:
    """The profiles that these links make.

    :param members: identifiers to place, linked or not.
    :param wide: identifiers known to be shared too widely, from links that are not here.
    """
    links, separations = list(links), list(separations)
    members = {*members, *(end for link in links for end in (link.center, link.other))}
    wide = frozenset(wide) | widely_shared(links, policy.most_sharing)
    barred = wide | {member for member in members if policy.is_role(member)}
    valid = [link for link in links if _is_open(link, barred) and not is_parted(link, separations)]
    told: list[Conflict] = []
    while True:
        folding = _Folding(Units(members), valid)
        crossing, parted = cut(folding.units.all(), valid, separations)
        if not parted:
            break
        told.append(Conflict("separated", parted))
        valid = [link for link in valid if link not in crossing]
    conflicts = [Conflict("role_address", (member,)) for member in sorted(members) if policy.is_role(member)]
    conflicts += [Conflict("shared_too_widely", (member,)) for member in sorted(wide & members)]
    conflicts += [*folding.conflicts, *of_profiles(folding.units.all()), *dict.fromkeys(told)]
    return Partition(frozenset(folding.units.all()), tuple(conflicts), wide)


def widely_shared(links: Iterable[Link], most_sharing: int) -> frozenset[Identifier]:
    """Identifiers that were seen with more than so many others of one kind. Separated ones count: it only grows.

    Phones do not count: having had many is no sharing, and anybody can type a phone beside somebody's address.
    """
    partners: dict[tuple[Identifier, str], set[Identifier]] = defaultdict(set)
    for link in links:
        if link.basis == "seen":
            partners[link.other, link.center[0]].add(link.center)
            if not is_phone(link.other):
                partners[link.center, link.other[0]].add(link.other)
    return frozenset(identifier for (identifier, _), others in partners.items() if len(others) > most_sharing)


def _is_open(link: Link, barred: frozenset[Identifier]) -> bool:
    """Step 1: whether a link may join at all. An operator's may."""
    return link.basis == "decided" or (link.center not in barred and link.other not in barred)


class _Folding:
    """The steps, each over the units that the one before left."""

    def __init__(self, units: Units, links: Sequence[Link]) -> None:
        self.units = units
        self.conflicts: list[Conflict] = []
        seen = [link for link in links if link.basis == "seen"]
        self._addresses = [link for link in seen if is_record(link.center) and is_email(link.other)]
        self._phones = [link for link in seen if is_phone(link.other)]
        self._by_address = self._seen()
        self._origins: dict[Identifier, Link] = {}
        self.join_what_is_said(link for link in links if link.basis != "seen")
        self.join_origins()
        self.join_other_addresses()
        self.join_phones()

    def join_what_is_said(self, links: Iterable[Link]) -> None:
        """Step 2: what operators decided and systems state."""
        for link in links:
            self.units.join(link.center, link.other)

    def join_origins(self) -> None:
        """Step 2: each record and the address it was first seen with."""
        for link in self._addresses:
            known = self._origins.get(link.center)
            if known is None or (link.at, link.other) < (known.at, known.other):
                self._origins[link.center] = link
        for link in self._origins.values():
            self.units.join(link.center, link.other)

    def join_other_addresses(self) -> None:
        """Step 3: each address and the record that was seen with it first."""
        holders = {address: unit for address in self._by_address if (unit := self._holder(address)) is not None}
        for address, unit in holders.items():
            self.units.join(address, unit)
        for address, links in sorted(self._by_address.items()):
            others = {link.center for link in links if self.units.of(link.center) != self.units.of(address)}
            if others:
                self.conflicts.append(Conflict("email_held_by_another", (address, *sorted(others))))

    def _seen(self) -> dict[Identifier, list[Link]]:
        seen: dict[Identifier, list[Link]] = defaultdict(list)
        for link in self._addresses:
            seen[link.other].append(link)
        return seen

    def _holder(self, address: Identifier) -> Identifier | None:
        """The unit whose record had an address first; None where several were equally early.

        A record that moved there holds nothing where another of its system began there: two accounts are two people.
        """
        links = self._by_address[address]
        first = min(link.at for link in links)
        records = {link.center for link in links if link.at == first}
        beginners = {link.center for link in links if self._origins[link.center].other == address}
        kinds = {record[0] for record in records}
        if not records & beginners and any(record[0] in kinds for record in beginners):
            return None
        units = {self.units.of(record) for record in records}
        return units.pop() if len(units) == 1 else None

    def join_phones(self) -> None:
        """Step 4: a phone joins people only where one email address at most is among them."""
        touches = self._touches()
        shared = {phone for phone, units in touches.items() if self._named(units) > 1}
        self._tell("shared_phone", shared)
        connecting = {phone: units for phone, units in touches.items() if phone not in shared}
        disagreeing = self._disagreeing(connecting)
        self._tell("phones_disagree", (phone for phone in disagreeing if len(touches[phone]) > 1))
        joined = {phone for phone in connecting if phone not in disagreeing or len(touches[phone]) == 1}
        for phone in joined:
            for unit in touches[phone]:
                self.units.join(phone, unit)

    def _touches(self) -> dict[Identifier, frozenset[Identifier]]:
        touches: dict[Identifier, set[Identifier]] = defaultdict(set)
        for link in self._phones:
            touches[link.other].add(self.units.of(link.center))
        for phone, units in touches.items():
            if len(self.units.members(phone)) > 1:
                units.add(self.units.of(phone))
        return {phone: frozenset(units) for phone, units in touches.items()}

    def _disagreeing(self, connecting: dict[Identifier, frozenset[Identifier]]) -> set[Identifier]:
        together = Units({*connecting, *(unit for units in connecting.values() for unit in units)})
        for phone, units in connecting.items():
            for unit in units:
                together.join(phone, unit)
        reached: dict[Identifier, set[Identifier]] = defaultdict(set)
        for phone, units in connecting.items():
            reached[together.of(phone)] |= units
        return {phone for phone in connecting if self._named(reached[together.of(phone)]) > 1}

    def _named(self, units: Iterable[Identifier]) -> int:
        return sum(any(map(is_email, self.units.members(unit))) for unit in units)

    def _tell(self, code: str, phones: Iterable[Identifier]) -> None:
        for phone in sorted(phones):
            seen = sorted({link.center for link in self._phones if link.other == phone})
            self.conflicts.append(Conflict(code, (phone, *seen)))
