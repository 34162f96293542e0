"""Random people, few enough that their identifiers collide all the time."""

from datetime import UTC, datetime, timedelta

from commerce_sync.contracts.identity_book import Basis, Identifier, Link, Separation
from commerce_sync.identity.policy import Policy
from commerce_sync.identity.resolution import Observation
from hypothesis import strategies as st

START = datetime(2026, 3, 1, tzinfo=UTC)
ROLES = frozenset({"info", "sales"})
ROLE_ADDRESSES: tuple[Identifier, ...] = (("email", "info@example.com"), ("email", "sales@example.com"))
EMAILS: tuple[Identifier, ...] = tuple(("email", f"{name}@example.com") for name in ("ana", "bo", "cy", "di", "eve"))
PHONES: tuple[Identifier, ...] = tuple(("phone", f"+1555010{digit}") for digit in range(4))
KINDS = ("shopify:us", "woocommerce:eu", "hubspot:main", "klaviyo")
RECORDS: tuple[Identifier, ...] = tuple((kind, str(number)) for kind in KINDS for number in range(1, 4))
APART = "own:wholesale"
"""A store that keeps its people to itself: their addresses are of kinds of their own."""
APART_EMAILS: tuple[Identifier, ...] = tuple((f"email@{APART}", f"{name}@example.com") for name in ("ana", "info"))
APART_PHONE: Identifier = (f"phone@{APART}", PHONES[0][1])
APART_RECORDS: tuple[Identifier, ...] = tuple((APART, str(number)) for number in range(1, 3))
APART_ONES = (*APART_EMAILS, APART_PHONE, *APART_RECORDS)
EVERYBODY = (*EMAILS, *ROLE_ADDRESSES, *PHONES, *RECORDS, *APART_ONES)

addresses = st.sampled_from((*EMAILS, *EMAILS, *ROLE_ADDRESSES))
phones = st.sampled_from(PHONES)
records = st.sampled_from(RECORDS)
apart_addresses, apart_phones, apart_records = map(st.sampled_from, (APART_EMAILS, (APART_PHONE,), APART_RECORDS))
anybody = st.sampled_from(EVERYBODY)
days = st.integers(0, 5).map(lambda day: START + timedelta(days=day))
policies = st.builds(
    Policy,
    role_local_parts=st.sampled_from((ROLES, ROLES, frozenset())),
    most_sharing=st.sampled_from((1, 2, 2, 3, 50)),
    most_identifiers=st.just(80),
    most_merged=st.just(20),
)

seen_pairs = st.one_of(
    st.tuples(records, addresses),
    st.tuples(records, addresses),
    st.tuples(records, phones),
    st.tuples(addresses, phones),
    st.tuples(apart_records, st.sampled_from((*APART_EMAILS, APART_PHONE))),
)
stated_pairs = st.one_of(st.tuples(records, records), st.tuples(records, addresses))
decided_pairs = st.tuples(anybody, anybody)


def _links(pairs: st.SearchStrategy[tuple[Identifier, Identifier]], basis: Basis) -> st.SearchStrategy[Link]:
    return st.builds(
        lambda pair, at: Link.model_construct(center=pair[0], other=pair[1], basis=basis, at=at, by="test"),
        pairs.filter(lambda pair: pair[0] != pair[1]),
        days,
    )


links = st.one_of(
    *[_links(seen_pairs, "seen")] * 6,
    _links(stated_pairs, "stated"),
    _links(decided_pairs, "decided"),
)
separations = st.builds(
    lambda groups, at: Separation(groups=groups, at=at),
    st.lists(anybody, min_size=2, max_size=8, unique=True).flatmap(
        lambda chosen: st.integers(1, len(chosen) - 1).map(
            lambda cut: (tuple(sorted(chosen[:cut])), tuple(sorted(chosen[cut:])))
        )
    ),
    days,
)

seen = st.one_of(
    st.tuples(records, addresses.map(lambda one: (one,))),
    st.tuples(records, st.tuples(addresses, phones)),
    st.tuples(records, phones.map(lambda one: (one,))),
    st.tuples(addresses, phones.map(lambda one: (one,))),
    st.tuples(anybody, st.just(())),
    st.tuples(apart_records, st.tuples(apart_addresses, apart_phones)),
)
stated = st.tuples(records, st.lists(st.one_of(records, addresses), min_size=1, max_size=2, unique=True).map(tuple))


def _observation(said: tuple[Identifier, tuple[Identifier, ...]], at: datetime, basis: Basis) -> Observation:
    center, others = said
    others = tuple(one for one in others if one != center)
    by = center[0] if center[0] in {"hubspot:main", "klaviyo"} else "shopify:us"
    return Observation(center=center, others=others, at=at, by=by, basis=basis)


observations = st.one_of(
    *[st.builds(_observation, seen, days, st.just("seen"))] * 5,
    st.builds(_observation, stated, days, st.just("stated")),
)
