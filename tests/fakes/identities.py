"""An identity store in memory, with the one thing that matters about the real one: other workers claim too."""

from collections.abc import Iterable, Mapping, Sequence

from commerce_sync.identity import Identifier


class Identities:
    """Identifiers and their profiles.

    ``rivals`` are what other workers claim, one of them just before each of our claims. ``reads`` and ``claims`` count
    the calls; ``held`` is what stands there in the end.
    """

    def __init__(
        self, held: Mapping[Identifier, str] | None = None, rivals: Iterable[Mapping[Identifier, str]] = ()
    ) -> None:
        self.held = dict(held or {})
        self.reads = 0
        self.claims = 0
        self._rivals = iter(rivals)

    def profiles_of(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, str]:
        """The profile ids of those identifiers that are known."""
        self.reads += 1
        return {identifier: self.held[identifier] for identifier in identifiers if identifier in self.held}

    def claim(self, profile_id: str, identifiers: Sequence[Identifier]) -> bool:
        """Give unclaimed identifiers to a profile, all or none."""
        self.claims += 1
        self.held |= next(self._rivals, {})
        if any(identifier in self.held for identifier in identifiers):
            return False
        self.held |= dict.fromkeys(identifiers, profile_id)
        return True
