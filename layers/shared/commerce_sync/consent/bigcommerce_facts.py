"""What a row of a BigCommerce newsletter list says when the list is read, without the event that made it so.

The same reading as of a webhook (:mod:`commerce_sync.intake.bigcommerce.subscribers`), with the same ids: with the
newsletter among its consents an opt-in, dated as the row was made; without it a withdrawal where it came from the
shop's own form. A row of a checkout or an API that was never changed is somebody who left the box empty, and says
nothing; one that was changed may be either, and nobody is written to until a person has decided.
"""

from datetime import datetime
from types import MappingProxyType
from typing import Final, Protocol

from commerce_sync.consent.identifying import moment_part, statement_id_of
from commerce_sync.contracts.consent import ConsentStatement

_FORMS: Final = MappingProxyType({"storefront": ("form", "newsletter"), "order": ("checkout", "checkout")})
"""How somebody came on the list by themselves: the method, and the form whose notice counts."""


class Row(Protocol):
    """What a row of the list shows. ``source`` is ``storefront``, ``order`` or ``custom``."""

    @property
    def subscriber_id(self) -> str: ...  # noqa: D102
    @property
    def email(self) -> str: ...  # noqa: D102
    @property
    def source(self) -> str: ...  # noqa: D102
    @property
    def created_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def modified_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def is_subscribed(self) -> bool: ...  # noqa: D102
    @property
    def has_left(self) -> bool: ...  # noqa: D102


def of_row(store: str, row: Row) -> list[ConsentStatement]:
    """What a row of a store's list says of its address: one statement, or none. An undated opt-out has no time."""
    if row.is_subscribed:
        return [_opt_in(store, row)]
    if not row.has_left and not (row.modified_at and row.modified_at != row.created_at):
        return []
    return [
        ConsentStatement(
            statement_id=statement_id_of("subscriber", row.subscriber_id, "left", moment_part(row.modified_at)),
            channel="email",
            address=row.email,
            action="withdraw" if row.has_left else "hold",
            strength="pref_out" if row.has_left else "info",
            occurred_at=row.modified_at,
            method="profile_state",
            evidence={"subscriber_id": row.subscriber_id, "said": "the list's row does not hold the newsletter"},
        )
    ]


def _opt_in(store: str, row: Row) -> ConsentStatement:
    method, form = _FORMS.get(row.source, ("import", ""))
    is_their_act = bool(form) and row.created_at is not None
    return ConsentStatement(
        statement_id=statement_id_of("subscriber", row.subscriber_id, "newsletter"),
        channel="email",
        address=row.email,
        action="grant",
        strength="strong_in" if is_their_act else "weak_in",
        occurred_at=row.created_at if is_their_act else None,
        actor="subject" if is_their_act else "system",
        method=method if is_their_act else "import",
        form=f"bigcommerce:{store}:{form}" if is_their_act else None,
        evidence={"subscriber_id": row.subscriber_id, "source": row.source},
    )
