"""Asks ``operations`` who is who, as an operator would, and lets one make a mistake and undo it."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from local.sample_day.cast import MET_TWICE, TAKEN_FOR_ONE
from local.sample_day.expected_people import address_of
from local.stack import Stack, get_json, invoke, post_json

Explained = Mapping[str, Any]
AT_ONCE = 4
WHO = "sam"
OPERATOR = f"operator:{WHO}"
"""How the history names whom a command names."""


@dataclass(frozen=True)
class Undone:
    """What ``explain`` said of two people before an operator merged them, while they were one, and after the undoing.

    ``answers`` are what the two commands answered.
    """

    before: Mapping[str, Explained]
    merged: Mapping[str, Explained]
    after: Mapping[str, Explained]
    answers: tuple[Explained, ...]


def operate(stack: Stack, command: str, **arguments: Any) -> Explained:
    """The result of one command.

    :raises RuntimeError: it was refused.
    """
    answer = invoke(stack, "operations", {"command": command, "arguments": arguments})
    if not answer.get("ok"):
        raise RuntimeError(f"operations {command}: {'; '.join(answer['errors'])}")
    result: Explained = answer["result"]
    return result


def explain(stack: Stack, identifiers: Iterable[str]) -> dict[str, Explained]:
    """What is known behind each of some identifiers, by identifier."""
    wanted = list(identifiers)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = pool.map(lambda one: operate(stack, "explain", identifier=one), wanted)
        return dict(zip(wanted, answers, strict=True))


def merge_by_mistake(stack: Stack) -> Undone:
    """An operator merges two customers, sees the mistake, and undoes it by the change's id."""
    both = [address_of(one) for one in TAKEN_FOR_ONE]
    before = explain(stack, both)
    done = operate(stack, "merge", identifiers=both, by=WHO, why="looked like one person")
    merged = explain(stack, both)
    change = (done["change"] or {}).get("change_id", "")
    undone = operate(stack, "unmerge", identifier=both[0], change_id=change, by=WHO, why="they are two after all")
    return Undone(before, merged, explain(stack, both), (done, undone))


def merge_in_hubspot(stack: Stack) -> None:
    """HubSpot's staff merge the two contacts that they had made of one person."""
    hubspot = stack["sandboxes"]["hubspot"]
    contacts = get_json(f"{hubspot}/_sandbox/state")["contacts"]
    ids = {contact["properties"].get("email"): contact["id"] for contact in contacts}
    post_json(f"{hubspot}/_sandbox/settings", {"merge_contacts": [ids[one.email] for one in MET_TWICE]})
