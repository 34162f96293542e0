"""What is news to a destination, and what it is known to have before and after a write. Pure."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace

from commerce_sync.contracts.fields import FieldValues
from commerce_sync.contracts.told import Told


def news(wanted: FieldValues, told: Told, once: AbstractSet[str] = frozenset()) -> dict[str, str | None]:
    """The fields to send: those that differ from what was confirmed, and those that nobody is sure of.

    A field that is never said (``once``: and was confirmed before) is none of them. Nothing is cleared that the
    destination was never told of.
    """
    return {
        name: value
        for name, value in wanted.items()
        if (name in told.pending or told.values.get(name) != value)
        and not (name in once and told.values.get(name) is not None)
    }


def begun(
    told: Told, found: FieldValues, versions: Mapping[str, str] | None = None, *, is_imported: bool = False
) -> Told:
    """While it is written: the next revision, and nobody is sure of what is sent."""
    revision = told.revision + 1
    return replace(
        told,
        pending={**told.pending, **found},
        refused="",
        versions={**told.versions, **(versions or {})},
        revision=revision,
        imports={**told.imports, str(revision): ""} if is_imported else told.imports,
    )


def confirmed(begun: Told, sent: FieldValues) -> Told:
    """Once it is accepted. ``sent`` is what this write sent: what an earlier one left in doubt stays so."""
    return replace(
        begun,
        values={**begun.values, **sent},
        pending={name: value for name, value in begun.pending.items() if name not in sent},
    )


def refused(begun: Told, reason: str) -> Told:
    """Once the vendor refused it for good: the same values are not sent again before somebody mends something."""
    return replace(begun, refused=reason)


def is_overtaken(told: Told, versions: Mapping[str, str]) -> bool:
    """Whether the destination was told, or is being told, by somebody who read one of the sources later."""
    return any(told.versions.get(source, "") > version for source, version in versions.items())


def is_refused_still(told: Told, found: FieldValues) -> bool:
    """Whether these values are the very ones that were refused."""
    return bool(told.refused) and dict(told.pending) == dict(found)
