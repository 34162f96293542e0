"""Who may subscribe anybody: four modules know how, and consent propagation alone reaches them."""

import ast

import pytest

from tests.architecture.imports import Module, imported, shipped_modules

WRITERS = {
    "commerce_sync.vendors.klaviyo.consent": "profile-subscription-bulk-create",
    "commerce_sync.vendors.hubspot.preferences": "statusState",
    "commerce_sync.vendors.shopify.consent": "MarketingConsentUpdate",
}
"""The modules that write consent, and what no other text of ours may hold."""
BIGCOMMERCE = "commerce_sync.vendors.bigcommerce.consent"
"""The fourth: it writes to the address at which the list is read, so it is known by the methods of its calls."""
BIGCOMMERCE_WEBHOOKS = "commerce_sync.vendors.bigcommerce.webhooks"
OTHER_WAYS = (
    "/subscribe",
    "/resubscribe",
    "client/subscriptions",
    "statuses/batch/write",
    "customerUpdate(",
    "hs_legal_basis",
)
"""Ways that vendors have beside those: nobody takes them."""
A_LIST = "/subscriber"
"""BigCommerce's list: the address at which it is read, and its webhooks' topics, begin like one of those."""
MAY_REACH_THEM = {"commerce_sync.composing.destinations", "commerce_sync.vendors.klaviyo.holds"}
MAY_COMPOSE_THEM = {"commerce_sync.composing.consent"}
"""Who may have destinations, which is for :mod:`functions.consent_propagation.app` alone."""


def mentions(module: Module, mark: str) -> bool:
    """Whether a text of a module holds a mark; what is said in docstrings counts for nothing."""
    tree = ast.parse(module.text)
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in said)
    return any(isinstance(node.value, str) and mark in node.value.replace(A_LIST, "") for node in texts)


def reaches(module: Module) -> set[str]:
    """The writers that a module imports, whole or in part."""
    names = list(imported(module))
    return {writer for writer in (*WRITERS, BIGCOMMERCE) for name in names if f"{name}.".startswith(f"{writer}.")}


@pytest.mark.parametrize(("writer", "mark"), WRITERS.items())
def test_one_module_alone_knows_how_a_vendor_is_told_of_consent(writer: str, mark: str) -> None:
    """Its endpoint, or the word that makes a call of it, stands nowhere else."""
    assert {module.name for module in shipped_modules() if mentions(module, mark)} == {writer}


@pytest.mark.parametrize("mark", OTHER_WAYS)
def test_nobody_takes_another_way(mark: str) -> None:
    """Older endpoints, batches, forms for browsers, and properties that stand for consent."""
    assert [module.name for module in shipped_modules() if mentions(module, mark)] == []


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_one_module_alone_writes_to_bigcommerces_people(method: str) -> None:
    """All others of its client read, but for the one that writes webhooks, and knows no address of people."""
    client = [module for module in shipped_modules() if module.name.startswith(BIGCOMMERCE.rpartition(".")[0])]
    (webhooks,) = [module for module in client if module.name == BIGCOMMERCE_WEBHOOKS]

    assert {module.name for module in client if mentions(module, method)} - {BIGCOMMERCE_WEBHOOKS} == {BIGCOMMERCE}
    places = {node.value for node in ast.walk(ast.parse(webhooks.text)) if isinstance(node, ast.Constant)}
    assert {place for place in places if isinstance(place, str) and place.startswith("/")} == {"/v3/hooks"}
    assert not {"SUBSCRIBERS", "CUSTOMERS", "ORDERS"} & {name.rpartition(".")[2] for name in imported(webhooks)}


def test_consent_propagation_alone_reaches_them() -> None:
    """Whoever else wants a consent told to a vendor appends to the ledger."""
    modules = shipped_modules()

    assert {module.name for module in modules if reaches(module)} == MAY_REACH_THEM
    assert _importers("commerce_sync.composing.destinations") == MAY_COMPOSE_THEM
    assert _importers("commerce_sync.composing.consent") == {"functions.consent_propagation.app"}


def _importers(name: str) -> set[str]:
    """The modules that import another one, whole or in part."""
    return {one.name for one in shipped_modules() if any(f"{got}.".startswith(f"{name}.") for got in imported(one))}


@pytest.mark.parametrize(
    "text",
    [
        "from commerce_sync.vendors.klaviyo.consent import KlaviyoConsent",
        "from commerce_sync.vendors.klaviyo import consent",
        "import commerce_sync.vendors.klaviyo.consent as c",
        "def f():\n    from .vendors.klaviyo.consent import KlaviyoConsent",
    ],
)
def test_the_checker_catches_a_planted_way_there(text: str) -> None:
    """However it is imported."""
    assert reaches(Module("commerce_sync.x", text)) == {"commerce_sync.vendors.klaviyo.consent"}


def test_the_checker_catches_a_planted_endpoint() -> None:
    """In a call, and in a part of a text; not where it is only spoken of."""
    mark = WRITERS["commerce_sync.vendors.klaviyo.consent"]
    assert mentions(Module("x", f"KIND = '{mark}-job'"), mark)
    assert mentions(Module("x", f"def f(a):\n    return f'/api/{mark}-job{{a}}s'"), mark)
    assert not mentions(Module("x", f'"""Of {mark}."""'), mark)
