"""The switches of a sandbox, as tests set them by name."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def switch(switches: "DataclassInstance", given: Mapping[str, Any], controls: Collection[str] = ()) -> None:
    """Set the switches that are given; the sandbox itself sees to its ``controls``.

    :raises ValueError: a name is neither, which is a mistake of the test that sends it. Nothing was set.
    """
    known = {field.name for field in fields(switches)}
    if unknown := set(given) - known - set(controls):
        raise ValueError(f"unknown settings: {', '.join(sorted(unknown))}")
    for name in known & set(given):
        setattr(switches, name, given[name])
