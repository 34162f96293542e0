"""Whom a sample looks at: addresses of our own tables, and of records that the duplicate audit read at the vendors.

The audit reads every record of both vendors once a week, so a random line of what it spooled is a random record, at no
call to the vendor. Drawing by time or by id at the vendor would favour who stands beside a gap, and hide who came with
an import of thousands.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from commerce_sync.aws.audits import Audits
from commerce_sync.aws.identity_sample import IdentitySample
from commerce_sync.contracts.duplicates import System
from commerce_sync.contracts.samples import Place
from commerce_sync.duplicates.entries import read_line
from commerce_sync.identity.emails import normalize_email
from commerce_sync.sampling.drawing import MOST_PLACES, addresses, in_turns, parts_to_read, randomness, somewhere

Asked = Callable[[Sequence[str]], Mapping[str, str]]
"""A vendor's records by id: the email addresses of those that have one."""
NO_AUDIT = "there is no duplicate audit of it yet"
EXPIRED = "what the last duplicate audit read is gone"
NO_ADDRESS = "no record that was drawn has an email address"
NOBODY = "nobody is known yet"


@dataclass
class Drawn:
    """People by email address, each with where they were drawn; why a place gave nobody."""

    people: dict[str, Place] = field(default_factory=dict)
    missing: dict[Place, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Drawing:
    """``asked`` reads each vendor's records."""

    table: IdentitySample
    audits: Audits
    asked: Mapping[System, Asked]

    def draw(self, number: int, seed: str) -> Drawn:
        """As many as wanted, or all that could be found; the same for a seed as long as the same people are there."""
        drawn = Drawn()
        everybody: dict[Place, list[str]] = {"ours": self._ours(number, seed)}
        if not everybody["ours"]:
            drawn.missing["ours"] = NOBODY
        for system in self.asked:
            emails, why = self._at_vendor(system, number, seed)
            everybody[system] = emails
            if why:
                drawn.missing[system] = why
        drawn.people = in_turns(everybody, number)
        return drawn

    def _ours(self, number: int, seed: str) -> list[str]:
        random = randomness(f"{seed}:ours")
        found: dict[str, None] = {}
        for _ in range(MOST_PLACES):
            if len(found) >= number:
                break
            found |= dict.fromkeys(addresses(self.table.behind(somewhere(random)), random))
        emails = list(found)
        random.shuffle(emails)
        return emails

    def _at_vendor(self, system: System, number: int, seed: str) -> tuple[list[str], str]:
        """Email addresses, and why there are none."""
        latest = self.audits.latest(system)
        if latest is None:
            return [], NO_AUDIT
        random = randomness(f"{seed}:{system}")
        sizes = self.audits.parts(str(latest["run_id"]), system)
        records: list[str] = []
        for key, most in parts_to_read(sizes, number, random).items():
            lines = self.audits.part(key)
            records += [read_line(line).record for line in random.sample(lines, min(most, len(lines)))]
        if not records:
            return [], EXPIRED
        random.shuffle(records)
        known = self.asked[system](records)
        emails = [email for one in records if (email := normalize_email(known.get(one, "")))]
        return emails, "" if emails else NO_ADDRESS
