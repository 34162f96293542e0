"""Which of Klaviyo's metrics are made before their first event."""

from commerce_sync.operating.first_events import Metrics, metrics_of

DELIVERED = {"Placed Order": ["Placed Order"], "Started Checkout": ["Checkout Started"], "Delivered Order": []}
NOT_APPS = frozenset({"API", "Klaviyo", ""})


def known(*metrics: tuple[str, str]) -> Metrics:
    """What there is of our metrics in an account that has these, by name and integration."""
    return metrics_of(DELIVERED, metrics, not_apps=NOT_APPS)


def test_in_an_empty_account_all_are_missing() -> None:
    """In the order of the configuration."""
    assert known() == Metrics((), tuple(DELIVERED), {})
    assert known().told() == {"missing": list(DELIVERED)}


def test_one_that_is_sent_by_api_is_there() -> None:
    """Even where an app has one of the same name: both are there already."""
    assert known(("Placed Order", "API"), ("Placed Order", "Shopify")).told() == {
        "there": ["Placed Order"],
        "missing": ["Started Checkout", "Delivered Order"],
    }


def test_no_second_one_of_a_name_or_of_a_meaning_is_made_beside_an_apps() -> None:
    """Whichever app it is, heard of lately or not: what hangs on it should not be doubted."""
    metrics = known(("Checkout Started", "Shopify"), ("Placed Order", "An app that nobody here knows"))

    assert metrics.missing == ("Delivered Order",)
    assert metrics.of_apps == {"Started Checkout": "Shopify", "Placed Order": "An app that nobody here knows"}


def test_klaviyos_own_and_nameless_integrations_are_no_apps() -> None:
    """Message metrics are Klaviyo's."""
    assert known(("Placed Order", "Klaviyo"), ("Delivered Order", "")).missing == tuple(DELIVERED)
