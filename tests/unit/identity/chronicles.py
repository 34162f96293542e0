"""All that was said and decided in a life, to be told again in another order."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.identity.resolution import Observation

from tests.unit.identity.beside_the_reference import Worker, groups_without

Decided = tuple[str, tuple[tuple[Identifier, ...], ...], datetime]
"""``merge`` or ``separate``, of whom, when."""


class Chronicle:
    """What still counts of what was ``said`` and ``decided``, and the facts that were ``forgotten``."""

    def __init__(self) -> None:
        self.said: list[Observation] = []
        self.forgotten: list[Observation] = []
        self.decided: list[Decided] = []

    def forget(self, gone: set[Identifier]) -> None:
        """Leave out whoever is gone; the others of a fact are known still."""
        said, self.said = self.said, []
        self.forgotten += [one for one in said if gone.intersection(one.identifiers)]
        for one in said:
            others = tuple(other for other in one.others if other not in gone)
            if one.center in gone:
                self.said += [replace(one, center=other, others=()) for other in others]
            else:
                self.said.append(replace(one, others=others))
        decided, self.decided = self.decided, []
        for kind, groups, at in decided:
            left = groups_without(groups, gone)
            joins = kind == "merge" and groups[0][0] not in gone and len(left[0]) > 1
            if joins or (kind == "separate" and len(left) > 1):
                self.decided.append((kind, left, at))

    def tell(self, worker: Worker, shuffle: Random) -> None:
        """Tell a worker everything: shuffled, decisions as soon as those they name are known."""
        heard = set[Identifier]()
        waiting: list[Observation | Decided] = [*self.said, *self.decided]
        shuffle.shuffle(waiting)
        while waiting:
            one = waiting.pop(0)
            if isinstance(one, Observation):
                worker.resolver.absorb([one])
                heard.update(one.identifiers)
                continue
            kind, groups, at = one
            worker.clock.at = at - timedelta(milliseconds=1)
            if not {identifier for group in groups for identifier in group} <= heard:
                waiting.append(one)
            elif kind == "merge":
                worker.resolver.merge(groups[0], by="operator:test", why="one person")
            else:
                worker.resolver.separate(groups, by="operator:test", why="two people")
