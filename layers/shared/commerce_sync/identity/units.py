"""Sets that grow together: the disjoint-set forest (Tarjan 1975), with the members of each set at hand."""

from collections.abc import Iterable

from commerce_sync.contracts.identity_book import Identifier


class Units:
    """Identifiers, each in one set; sets are joined, never parted."""

    def __init__(self, identifiers: Iterable[Identifier]) -> None:
        self._sets = {identifier: {identifier} for identifier in identifiers}
        self._root = {identifier: identifier for identifier in self._sets}

    def __contains__(self, identifier: Identifier) -> bool:
        """Whether it is in any set."""
        return identifier in self._root

    def of(self, identifier: Identifier) -> Identifier:
        """One member that stands for the whole set, the same for all its members until the next join."""
        return self._root[identifier]

    def members(self, identifier: Identifier) -> frozenset[Identifier]:
        """Its set."""
        return frozenset(self._sets[self._root[identifier]])

    def join(self, one: Identifier, other: Identifier) -> None:
        """Make one set of two; the smaller is moved."""
        kept, moved = self._root[one], self._root[other]
        if kept == moved:
            return
        if len(self._sets[kept]) < len(self._sets[moved]):
            kept, moved = moved, kept
        for member in self._sets.pop(moved):
            self._sets[kept].add(member)
            self._root[member] = kept

    def all(self) -> list[frozenset[Identifier]]:
        """Every set."""
        return [frozenset(members) for members in self._sets.values()]
