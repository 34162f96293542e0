"""What an operator may write into the signing secrets, and what happens where it is wrong."""

import base64
import hmac

import pytest
from commerce_sync.aws.secrets import WHILE_AWAY, CachedSecret
from commerce_sync.errors import RetriableError
from commerce_sync.webhooks.refusals import UnverifiedError
from commerce_sync.webhooks.request import Delivery
from commerce_sync.webhooks.schemes import standard_webhooks
from commerce_sync.webhooks.secrets import secrets_of

GOOD = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
NOW = 1_793_491_200.0


def delivery(*signatures: str) -> Delivery:
    """A delivery signed with the good secret, its signature among others."""
    key = base64.b64decode(GOOD.removeprefix("whsec_"))
    mac = base64.b64encode(hmac.digest(key, b"evt.1793491200.{}", "sha256")).decode()
    headers = {
        "webhook-id": "evt",
        "webhook-timestamp": "1793491200",
        "webhook-signature": " ".join([*signatures, f"v1,{mac}"]),
    }
    return Delivery("own", "w", "", "POST", "", headers, b"{}", NOW)


@pytest.mark.parametrize("bad", ["not base64!", "whsec_abc", "", "whsec_"])
def test_one_bad_secret_of_two_spoils_no_good_signature(bad: str) -> None:
    """A typing error in a rotation must not close the store."""
    standard_webhooks.verify(delivery(), [bad, GOOD], now=NOW, tolerance=300)
    with pytest.raises(UnverifiedError):
        standard_webhooks.verify(delivery(), [bad], now=NOW, tolerance=300)


def test_one_unreadable_signature_of_two_spoils_no_good_one() -> None:
    """Several signatures stand in one header while a sender rotates."""
    standard_webhooks.verify(delivery("v1,!!!", "v2,abc", "v1"), [GOOD], now=NOW, tolerance=300)


@pytest.mark.parametrize(
    "signing", [{"own": {"w": "text"}}, {"own": {"w": [1]}}, {"own": ["w"]}, "text", None, {"own": {"w": {}}}]
)
def test_a_misshapen_secret_is_a_refusal_with_a_reason_never_an_error(signing: object) -> None:
    """And never a list of one-letter secrets."""
    with pytest.raises(UnverifiedError, match="secrets_misconfigured"):
        secrets_of(signing, "own", "w")


def test_a_store_without_secrets_has_none() -> None:
    """Nothing can be verified there."""
    assert secrets_of({}, "own", "w") == secrets_of({"own": {}}, "own", "w") == []


class Manager:
    """Secrets Manager, which may be away."""

    def __init__(self) -> None:
        self.asked = 0
        self.away = False

    def read(self, _secret_id: str) -> str:
        """Answer, or not."""
        self.asked += 1
        if self.away:
            raise RetriableError("away")
        return f'{{"asked": {self.asked}}}'


def test_a_flood_of_requests_reads_a_secret_once_and_an_outage_is_bridged() -> None:
    """The last value serves while Secrets Manager is away; it is not asked again for each request."""
    manager, time = Manager(), [0.0]
    secret = CachedSecret("id", 300, clock=lambda: time[0], read=manager.read)
    assert {secret.value()["asked"] for _ in range(100)} == {1}
    time[0], manager.away = 301.0, True
    assert {secret.value()["asked"] for _ in range(100)} == {1}
    assert manager.asked == 2
    time[0], manager.away = 301.0 + WHILE_AWAY, False
    assert secret.value()["asked"] == 3


def test_a_secret_that_was_never_read_says_so_and_is_not_asked_for_each_request() -> None:
    """The sender gets 503 and tries again."""
    manager = Manager()
    manager.away = True
    secret = CachedSecret("id", 300, clock=lambda: 0.0, read=manager.read)
    for _ in range(10):
        with pytest.raises(RetriableError):
            secret.value()
    assert manager.asked == 1
