"""Every file in events/ is a real-shaped sample that its function takes."""

import json
from pathlib import Path
from typing import Any

import pytest

from local.invocation import invoke_sample
from local.places import ROOT

pytestmark = pytest.mark.network

EVENTS = ROOT / "events"
SAMPLES = sorted(path for path in EVENTS.glob("*/*.json"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: str(path.relative_to(EVENTS)))
def test_a_sample_runs_through_its_handler(path: Path) -> None:
    """`make invoke`: the webhook is answered 200, the queue consumer gives nothing back, the command succeeds."""
    answer = invoke_sample(path.parent.name, path)
    assert _is_good(path.parent.name, answer), answer


def test_every_function_has_a_sample() -> None:
    """A function without one cannot be tried."""
    functions = {path.parent.name for path in (ROOT / "functions").glob("*/app.py")}
    assert functions == {path.parent.name for path in SAMPLES}


def test_samples_are_about_invented_people() -> None:
    """Addresses of example.com, and no number that could be somebody's."""
    for path in SAMPLES:
        text = path.read_text()
        assert "@" not in text.replace("@example.com", "").replace("@type", ""), path
        json.loads(text)


ABOUT_NOBODY = (
    "nobody knows that identifier",
    "two identifiers or more that are known",
    "the history of that identifier",
    "there is no report",
)
"""What commands about people answer where nobody is known yet: said clearly, and no sample breaks the contract."""


def _is_good(function: str, answer: dict[str, Any]) -> bool:
    if function == "webhook_intake":
        return bool(answer["statusCode"] == 200)
    if function == "operations":
        return bool(answer["ok"]) or answer["errors"][0].startswith(ABOUT_NOBODY)
    return bool(answer.get("batchItemFailures", []) == [])
