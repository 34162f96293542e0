"""Sets that grow together: records joined so far (union-find, the smallest name stands for a set)."""

from collections.abc import Iterable


class Units:
    """Which of the given names have been joined. A name that was never joined is a unit of its own."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def of(self, name: str) -> str:
        """The smallest name of the unit; shortens the way for the next who asks."""
        top = name
        while top in self._above:
            top = self._above[top]
        while name != top:
            self._above[name], name = top, self._above[name]
        return top

    def join(self, names: Iterable[str]) -> None:
        """Make one unit of all these names' units."""
        tops = {self.of(name) for name in names}
        if tops:
            first = min(tops)
            self._above.update({top: first for top in tops if top != first})

    def copy(self) -> "Units":
        """The same units, to be joined further apart from these."""
        other = Units()
        other._above = dict(self._above)
        return other
