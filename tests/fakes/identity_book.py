"""An identity book in memory that keeps the table's conditions to the letter, and lets other workers be faster."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence

from commerce_sync.contracts.identity_book import Neighbourhood, Pointer, Update

MOST_IN_A_TRANSACTION = 100
"""Items that one DynamoDB transaction may hold."""


class IdentityBookInMemory:
    """Neighbourhoods by id and pointers by key.

    ``rivals`` are called one by one, each just before a ``save`` is judged; ``losing`` is how many of the next saves
    are lost without a reason that anybody can see. ``saves`` counts what was written, ``attempts`` what was tried.
    """

    def __init__(self) -> None:
        self.stored: dict[str, Neighbourhood] = {}
        self.pointing: dict[str, Pointer] = {}
        self.rivals: deque[Callable[[], object]] = deque()
        self.losing = 0
        self.reads = 0
        self.saves = 0
        self.attempts = 0

    def pointers(self, keys: Sequence[str]) -> Mapping[str, Pointer]:
        """What stands under those of the keys that are known."""
        assert len(set(keys)) == len(keys), "DynamoDB refuses a batch that names a key twice"
        self.reads += 1
        return {key: self.pointing[key] for key in keys if key in self.pointing}

    def neighbourhoods(self, ids: Sequence[str]) -> Mapping[str, Neighbourhood]:
        """Those of the neighbourhoods that exist."""
        assert len(set(ids)) == len(ids), "DynamoDB refuses a batch that names a key twice"
        self.reads += 1
        return {name: self.stored[name] for name in ids if name in self.stored}

    def save(self, update: Update) -> bool:
        """Write all of it or nothing. False where a version or a fresh pointer is not as the update says."""
        self.attempts += 1
        if self.rivals:
            self.rivals.popleft()()
        self._refuse_what_no_table_would_hold(update)
        if self.losing:
            self.losing -= 1
            return False
        if not self._holds(update):
            return False
        self._refuse_unguarded_pointers(update)
        for name in update.gone:
            del self.stored[name]
        self.stored |= {one.neighbourhood_id: one for one in update.kept}
        self.pointing |= update.pointers
        for key in update.dropped:
            self.pointing.pop(key, None)
        self.saves += 1
        return True

    def _holds(self, update: Update) -> bool:
        expected = dict(update.gone) | {one.neighbourhood_id: one.version - 1 for one in update.kept}
        versions = {name: self.stored[name].version if name in self.stored else 0 for name in expected}
        standing = {key: self.pointing[key] for key in update.fresh if key in self.pointing}
        unclaimed = all(
            one.profile_id is None and one.erased_at == update.pointers[key].erased_at for key, one in standing.items()
        )
        return versions == expected and unclaimed

    @staticmethod
    def _refuse_what_no_table_would_hold(update: Update) -> None:
        """Mistakes of the caller, which no other worker can have caused."""
        items = len(update.gone) + len(update.pointers) + len(update.kept) + len(update.dropped)
        assert 0 < items <= MOST_IN_A_TRANSACTION, f"a transaction of {items} items"
        assert update.fresh <= set(update.pointers), "a fresh pointer that is not written"
        assert not update.dropped & set(update.pointers), "one item twice in a transaction"
        assert all(version > 0 for version in update.gone.values()), "what is gone must have been there"
        names = [one.neighbourhood_id for one in update.kept]
        assert len({*names, *update.gone}) == len(names) + len(update.gone), "one item twice in a transaction"
        assert all(one.version > 0 for one in update.kept), "the version was not counted up"

    def _refuse_unguarded_pointers(self, update: Update) -> None:
        """A pointer that is neither fresh nor of a neighbourhood in the transaction may be changing meanwhile.

        One that stands under an older pepper moves: what is dropped tells where it was.
        """
        guarded = {*update.gone, *(one.neighbourhood_id for one in update.kept)}
        moved = [self.pointing[key].neighbourhood_id for key in update.dropped if key in self.pointing]
        for key in set(update.pointers) - update.fresh:
            home = self.pointing[key].neighbourhood_id if key in self.pointing else None
            assert key in self.pointing or moved, "a pointer that is new but not fresh"
            assert home in guarded or home is None, "a pointer is changed whose neighbourhood nothing guards"


class Stepwise:
    """A book whose every call waits for ``turn`` first: what one of several workers sees of it."""

    def __init__(self, book: IdentityBookInMemory, turn: Callable[[], None]) -> None:
        self._book = book
        self._turn = turn

    def pointers(self, keys: Sequence[str]) -> Mapping[str, Pointer]:
        """Read, when it is this worker's turn."""
        self._turn()
        return self._book.pointers(keys)

    def neighbourhoods(self, ids: Sequence[str]) -> Mapping[str, Neighbourhood]:
        """Read, when it is this worker's turn."""
        self._turn()
        return self._book.neighbourhoods(ids)

    def save(self, update: Update) -> bool:
        """Write, when it is this worker's turn."""
        self._turn()
        return self._book.save(update)
