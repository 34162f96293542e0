"""A large account fits: what grouping holds for each record is bounded, so 300,000 of them stay far below 512 MB."""

import tracemalloc
from collections.abc import Iterator

from commerce_sync.duplicates.entries import Entry, read_line
from commerce_sync.duplicates.grouping import find_duplicates

from tests.fakes.duplicates import entry

RECORDS = 20_000
MOST_BYTES = 1_000
"""For each record, at the peak: 300 MB for 300,000."""
HASH = "1#" + "x" * 26


def account() -> Iterator[Entry]:
    """Records with an address and a phone number each; every third has a copy."""
    for number in range(RECORDS):
        person = number - 1 if number % 3 == 1 else number
        line = entry(str(34_100_000_501 + number), f"email:{HASH}{person:06d}", f"phone:{HASH}{person:06d}").line()
        yield read_line(line)


def test_what_is_held_of_a_record_is_small() -> None:
    """Measured at the peak, whatever the machine."""
    tracemalloc.start()
    findings = find_duplicates(account)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert findings.records == RECORDS
    assert findings.people == RECORDS - len(range(1, RECORDS, 3))
    assert peak / RECORDS < MOST_BYTES, f"{peak / RECORDS:.0f} bytes a record"
