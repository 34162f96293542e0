"""Fresh vendors, and a live bundle in front of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.in_process import InProcessBundle
from local.sandboxes.server import Sandboxes, start_sandboxes
from tests.fakes import bundle as b
from tests.fakes.delivered import command


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Where the vendors write what they were asked."""
    return tmp_path / "requests.jsonl"


@pytest.fixture
def sandboxes(log: Path) -> Iterator[Sandboxes]:
    """Fresh vendors."""
    running = start_sandboxes(log)
    yield running
    running.stop()


@pytest.fixture
def bundle(sandboxes: Sandboxes) -> Iterator[InProcessBundle]:
    """A live bundle in front of them, with HubSpot set up."""
    named = {"KlaviyoBaseUrl": "klaviyo", "HubSpotBaseUrl": "hubspot", "EcbBaseUrl": "ecb"}
    urls = {parameter: sandboxes.urls[vendor] for parameter, vendor in named.items()}
    with b.ready_bundle({**b.LIVE, **urls}) as ready:
        command(ready, "setup")
        yield ready
