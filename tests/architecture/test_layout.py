"""The shape of the source: small modules, and consumers that say why a repeat does no harm."""

import ast
import tomllib

import pytest
from commerce_sync.config.stores import SOURCES, configured_stores
from commerce_sync.webhooks.schemes import SCHEMES
from commerce_sync.webhooks.stores import STORES, known_stores

from local.deployment import snake_case
from tests.architecture.imports import FUNCTIONS, Module, shipped_modules
from tests.architecture.template import MAPPING, properties, target

LONGEST = 200
CONSUMERS = sorted({snake_case(target(one["FunctionName"])) for one in properties(MAPPING).values()})


@pytest.mark.parametrize("module", shipped_modules(), ids=lambda module: module.name)
def test_a_module_has_at_most_200_lines(module: Module) -> None:
    """Past that, a second thing has moved in."""
    assert len(module.text.splitlines()) <= LONGEST


@pytest.mark.parametrize("module", shipped_modules(), ids=lambda module: module.name)
def test_a_module_says_what_it_is_for(module: Module) -> None:
    """The first sentence of its docstring is what a reader sees of it."""
    assert ast.get_docstring(ast.parse(module.text))


@pytest.mark.parametrize("consumer", CONSUMERS)
def test_a_consumer_says_why_a_second_delivery_is_harmless(consumer: str) -> None:
    """Queues repeat, reorder and delay; whoever reads one must have thought about it."""
    text = (FUNCTIONS / consumer / "app.py").read_text()

    assert "harmless" in (ast.get_docstring(ast.parse(text)) or "")


def test_there_are_consumers_to_check() -> None:
    """An empty list would pass the test above."""
    assert CONSUMERS == [
        "consent_baseline",
        "consent_propagation",
        "duplicate_audit",
        "event_delivery",
        "identity_normalization",
        "ledger_watch",
        "privacy_requests",
        "profile_sync",
    ]


def test_a_function_is_one_module() -> None:
    """Two functions with a sibling of one name collide in one process; and a tests folder would ship."""
    files = [path.relative_to(FUNCTIONS).as_posix() for path in FUNCTIONS.rglob("*.py")]

    assert [name for name in files if not name.endswith("/app.py") or name.count("/") != 1] == []


def test_the_shipped_stores_are_valid() -> None:
    """A bad file fails here, before it is built."""
    assert len(configured_stores()) == len(tomllib.loads(STORES.read_text())["store"])


def test_the_intake_knows_the_stores_that_the_models_know() -> None:
    """The intake reads the same file without models, so the two must agree."""
    assert known_stores() == set(configured_stores())


def test_every_source_that_can_be_configured_has_a_signature_scheme() -> None:
    """A store whose deliveries could never be verified cannot be written down."""
    assert set(SOURCES) == set(SCHEMES)
