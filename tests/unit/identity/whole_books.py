"""What must be true of every book, however it came to be."""

from collections.abc import Iterable, Mapping

from commerce_sync.contracts.identity_book import Identifier, Link, Separation, text_of
from commerce_sync.identity.keys import IdentifierKeys

from tests.fakes.identity_book import IdentityBookInMemory
from tests.unit.identity.beside_the_reference import KEYS
from tests.unit.identity.reference_units import Unit, Units, ends, groups_of, joined


def assert_the_book_is_whole(
    book: IdentityBookInMemory, known: Iterable[Identifier], keys: IdentifierKeys = KEYS
) -> None:
    """Each identifier points at the one neighbourhood that holds it, and at the profile that stands there."""
    homes = {text: name for name, one in book.stored.items() for text in one.members}
    assert sum(len(one.members) for one in book.stored.values()) == len(homes), "an identifier is in two neighbourhoods"
    assert set(homes) == {text_of(one) for one in known}
    standing = {key for key, pointer in book.pointing.items() if pointer.profile_id}
    assert standing <= {key for one in known for key in keys.keys(one)}
    for one in known:
        pointer = next(book.pointing[key] for key in keys.keys(one) if key in book.pointing)
        home = homes[text_of(one)]
        assert (pointer.neighbourhood_id, pointer.profile_id) == (home, book.stored[home].members[text_of(one)])
    profiles = [set(one.members.values()) for one in book.stored.values()]
    assert len(set().union(*profiles)) == sum(map(len, profiles)), "a profile is in two neighbourhoods"


def assert_nothing_tells_of(gone: Iterable[Identifier], book: IdentityBookInMemory) -> None:
    """No neighbourhood holds the text of anybody who is forgotten."""
    told = "".join(one.model_dump_json() for one in book.stored.values())
    assert not [one for one in gone if f'"{one[0]}","{one[1]}"' in told or f'"{text_of(one)}"' in told]


def assert_the_history_leads_to_now(book: IdentityBookInMemory) -> None:
    """The last entry that names an identifier names the profile that it has; who is forgotten or apart leaves gaps."""
    for neighbourhood in book.stored.values():
        last: dict[str, str] = {}
        for entry in neighbourhood.history:
            assert entry.before or entry.after
            last |= {text_of(one): side.profile_id for side in entry.after for one in side.identifiers}
        now: Mapping[str, str] = neighbourhood.members
        assert {text: now[text] for text in last if text in now} == {t: p for t, p in last.items() if t in now}


def assert_separations_hold(profiles: Units, separations: Iterable[Separation], links: Iterable[Link]) -> None:
    """No profile holds identifiers of two groups of a separation that no later merge has made one."""
    links = list(links)
    for separation in separations:
        groups: list[Unit] = [group for group in groups_of(separation) if group]
        later = [ends(link) for link in links if link.basis == "decided" and link.at > separation.at]
        everybody = frozenset().union(*groups, *later)
        sides = joined(joined(frozenset(frozenset({one}) for one in everybody), later), groups)
        named = [side.intersection(*[frozenset().union(*groups)]) for side in sides]
        assert not [one for one in profiles if sum(bool(one & side) for side in named) > 1]
