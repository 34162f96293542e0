"""What a test may change about the shop."""

from dataclasses import dataclass, field

POINTS, RESTORED = 2000.0, 100.0


@dataclass
class Settings:
    """Switches.

    ``throttle_next`` GraphQL calls are answered THROTTLED; ``points`` and ``restored`` (a second) are the budget of the
    others. ``search_lag`` is what the customer search runs behind by,
    ``orders_lag`` the list of orders. ``newest_consent_wins``: a write that is older
    than what stands there shows nothing.

    Webhooks go to ``webhook_url`` signed with ``webhook_secret``, ``webhook_delay`` real seconds later, twice with
    ``webhook_duplicates``; ``webhook_mischief`` ``wrong_signature`` spoils the next one. ``echo_time_shift`` (seconds)
    changes the time that a webhook tells; ``echo_unchanged`` sends one also where nothing changed. Subscriptions that
    the API made are told as well, where they lead to this machine. ``webhook_version`` is what the app's bodies are of;
    ``protected_topics`` (GraphQL's names) are refused, because the app is not approved for them.
    """

    rate_limits: bool = True
    points: float = POINTS
    restored: float = RESTORED
    throttle_next: int = 0
    search_lag: float = 0.0
    orders_lag: float = 0.0
    missing_scopes: list[str] = field(default_factory=list)
    newest_consent_wins: bool = True
    webhook_url: str = ""
    webhook_secret: str = ""
    webhook_delay: float = 0.0
    webhook_duplicates: bool = False
    webhook_mischief: str = ""
    echo_time_shift: float = 0.0
    echo_unchanged: bool = False
    webhook_version: str = "2026-10"
    protected_topics: list[str] = field(default_factory=list)
