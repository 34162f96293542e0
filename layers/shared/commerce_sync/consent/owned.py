"""The rows that one worker owns, in the order in which they are kept."""

from collections.abc import Iterable, Sequence
from typing import Final

from commerce_sync.contracts.consent import Address, Channel
from commerce_sync.contracts.consent_book import ConsentPromise

SENDER: Final = "klaviyo"
"""Whoever writes to people is told first: a store or a CRM takes a call an address, and may keep us waiting."""


def newest(owned: Iterable[tuple[ConsentPromise, Address]]) -> list[tuple[ConsentPromise, Address]]:
    """Each row as it was last written: two records of one batch may each have written it."""
    ordered = sorted(owned, key=lambda one: one[0].revision)
    return list({(row.subject, row.row): (row, address) for row, address in ordered}.values())


def by_destination(
    owned: Sequence[tuple[ConsentPromise, Address]],
) -> list[tuple[tuple[str, Channel], list[tuple[ConsentPromise, Address]]]]:
    """Rows by destination and channel: those that take something back first, and who sends before who only knows."""
    groups: dict[tuple[bool, bool, str, Channel], list[tuple[ConsentPromise, Address]]] = {}
    for row, address in owned:
        groups.setdefault((not row.urgent, row.row != SENDER, row.row, row.channel), []).append((row, address))
    ordered = sorted(groups.items(), key=lambda one: one[0])
    return [((name, channel), theirs) for (_, _, name, channel), theirs in ordered]
