"""What a page of profiles that changed for another reason costs: most of them say what they said for years."""

from collections.abc import Sequence
from datetime import UTC, datetime

from commerce_sync.consent.klaviyo_facts import of_profile, shown_open
from commerce_sync.contracts.consent import ConsentStatement
from commerce_sync.contracts.consent_messages import consent_messages
from commerce_sync.vendors.klaviyo.subscriptions import Subscription, subscription_of

from local.in_process import LambdaContext
from tests.fakes import bundle as b
from tests.fakes.capacity import Meter, metered

PROFILES = 50
SINCE = datetime(2024, 5, 1, tzinfo=UTC)
CHANGED = datetime(2026, 11, 20, tzinfo=UTC)


def _subscription(number: int, marketing: dict[str, object]) -> Subscription:
    profile = {"id": f"p{number}", "attributes": {"subscriptions": {"email": {"marketing": marketing}}}}
    return subscription_of(profile, "email")


def _page(*, subscribed: bool) -> list[ConsentStatement]:
    """What polling says of profiles that changed: what they show, and that they stand open."""
    said: list[ConsentStatement] = []
    opened: list[ConsentStatement] = []
    marketing = {"consent": "SUBSCRIBED", "method": "FORM", "consent_timestamp": SINCE.isoformat()}
    for number in range(PROFILES):
        shown = _subscription(number, dict(marketing) if subscribed else {"consent": "NEVER_SUBSCRIBED"})
        said += of_profile(f"ana{number}@example.com", "email", shown, CHANGED)
        opened += shown_open(f"ana{number}@example.com", "email", shown, CHANGED)
    return [*said, *opened]


def _heard(said: Sequence[ConsentStatement], *, times: int) -> Meter:
    """The page through consent_propagation; what the last time that it comes asks of DynamoDB."""
    ahead, rest = consent_messages(
        said, envelope_id="polled", source="klaviyo", store="main", received_at=datetime(2026, 11, 20, tzinfo=UTC)
    )
    assert (len(ahead), len(rest)) == (0, 1)
    event = b.sqs_event([rest[0].to_json()])
    with b.ready_bundle({}) as bundle, bundle.function("consent_propagation") as module:
        for _ in range(times):
            with metered() as meter:
                answer = module.handler(event, LambdaContext(60_000))
            assert answer["batchItemFailures"] == []
    return meter


def test_who_is_known_is_read_once_however_much_is_said_of_them() -> None:
    """An opt-in that is there already and a look: an address's records and its rows, all heads together, no write."""
    meter = _heard(_page(subscribed=True), times=2)
    assert (meter.calls["Query"], meter.calls["BatchGetItem"], meter.written) == (2 * PROFILES, 1, {})


def test_who_is_not_known_is_looked_up_with_all_others() -> None:
    """Their heads, and nothing else."""
    meter = _heard(_page(subscribed=False), times=2)
    assert (meter.calls["Query"], meter.calls["BatchGetItem"], meter.written) == (0, 1, {})
