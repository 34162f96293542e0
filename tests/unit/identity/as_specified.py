"""The product's fold beside the second reading of the specification."""

from collections.abc import Iterable, Sequence

from commerce_sync.contracts.identity_book import Identifier, Link, Separation
from commerce_sync.identity.folding import fold
from commerce_sync.identity.policy import Policy

from tests.unit.identity.reference_model import Folded, fold_plainly

UNDECIDED = {"email_held_by_another", "shared_phone", "phones_disagree", "separated"}
"""What the specification calls nobody's; that an identifier is barred is told as well."""


def expected(
    members: Iterable[Identifier], said: Iterable[Link], apart: Iterable[Separation], policy: Policy
) -> Folded:
    """The reference's answer."""
    return fold_plainly(members, said, apart, policy.role_local_parts, policy.most_sharing)


def assert_as_specified(
    members: Sequence[Identifier], said: Sequence[Link], apart: Sequence[Separation], policy: Policy
) -> None:
    """The product gives the reference's profiles, and tells of the same kinds of conflicts."""
    wanted, got = expected(members, said, apart, policy), fold(members, said, apart, policy)
    assert got.profiles == wanted.profiles
    assert {conflict.code for conflict in got.conflicts} & UNDECIDED == wanted.conflicts
