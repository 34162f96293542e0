"""What the tests of sandboxes share."""

from collections.abc import Iterator

import pytest

from local.sandboxes.server import Sandboxes, start_sandboxes


@pytest.fixture
def sandboxes() -> Iterator[Sandboxes]:
    """Every vendor, served."""
    sandboxes = start_sandboxes()
    yield sandboxes
    sandboxes.stop()
