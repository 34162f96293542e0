"""Signatures computed once, outside this project, and the deliveries that carry them.

Shopify and Standard Webhooks (BigCommerce's too): checked against ``@shopify/shopify-api`` 15.0.0, ``standardwebhooks``
1.1.0 and ``svix`` 2.9.1. HubSpot: checked against ``hubspot-api-client`` 12.0.0. WooCommerce and Recharge: no
package checks their signatures. Nothing here is computed by the code under test.
"""

import hmac
from base64 import b64decode, b64encode
from dataclasses import replace
from hashlib import sha256

from commerce_sync.webhooks.request import Delivery
from commerce_sync.webhooks.schemes import scheme_of

T = 1793491200
"""2026-11-01T00:00:00Z."""
TOLERANCE = 300.0

SHOPIFY_SECRET = "shpss_testsecret"
SHOPIFY_BODY = '{"id":820982911946154508,"email":"jon@example.com","note":"Ünïcode ¥"}'.encode()
SHOPIFY_SIGNATURE = "z9EXJ8NEkBRP9Gr6iOqBAANs5f0IFf4KqVrPuY7vmic="
SHOPIFY_SIGNATURE_WITH_A_SPACE = "7kvbIlz5j32dXi4/3XAxoc/67pLO7Wk2qlEl5baYeLo="
SHOPIFY_SIGNATURE_DUMPED_AGAIN = "8dH0v5o5FL/6KVhJNrz7OwSmtvd95MHHDiY9bf/gxpU="

OWN_SECRET_A = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
OWN_SECRET_B = "whsec_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="
OWN_BODY = (
    b'{"specversion":"1.0","id":"evt_0001","source":"https://shop.example/orders","type":"com.example.order.completed",'
    b'"time":"2026-11-01T00:00:00Z","data":{"order_id":"A-1001","currency":"JPY","total":"2000"}}'
)
OWN_SIGNATURE_A = "v1,sNdY0SoMT1mVAtS4viBSVkRgE8T1mTXRjo6zJqltBUo="
OWN_SIGNATURE_B = "v1,KIH2VdYSEQzdB3Szr5Oe8AcZYBMWxQLzkP4xQBtxZ6s="

BIGCOMMERCE_SECRET = "bc_client_secret_0123456789abcdef"
BIGCOMMERCE_BODY = (
    b'{"scope":"store/order/created","store_id":"1025646","data":{"type":"order","id":250},'
    b'"hash":"dd70c0976e06b67aaf671e73f49dcb79230ebf9d","created_at":1561479335,"producer":"stores/abc"}'
)
BIGCOMMERCE_SIGNATURE = "v1,H5fjpcBz8Ro93JuBX72EsM8rSzewKaOFxipDTD/0sCg="

WOOCOMMERCE_SECRET = "wc_secret_ABC123"
WOOCOMMERCE_BODY = '{"id":727,"status":"processing","total":"29.35","billing":{"email":"jané@example.com"}}'.encode()
WOOCOMMERCE_SIGNATURE = "srannRXfhavCISt0ixGvGmFn/S7Mb73BmK1Vk8Yd5kk="
WOOCOMMERCE_STORED_SECRET = "a&amp;b&#039;c&quot;d"
WOOCOMMERCE_DECODED_SIGNATURE = "vUAIh6Adwr4JCbIDAV7lCGvhmI6L3ERuwa3WJJPHOz0="
WOOCOMMERCE_UNDECODED_SIGNATURE = "NJIQVlw2/XWwg5PnjhU2aql4D1L04FvfJ1i32v2976Q="

RECHARGE_SECRET = "rc_client_secret_0123456789"
RECHARGE_BODY = b'{"charge":{"id":580825303,"status":"success","total_price":"29.20","currency":"USD"}}'
RECHARGE_MAC = "1c0ea4646b10ebe950a1722bc1a242328e2b5d9d4e74768628afc5133a36331c"
RECHARGE_SIGNATURE = f"t={T},v1={RECHARGE_MAC}"
RECHARGE_OLD_HASH = "ad2db8f5697035f594a846be3d0d087a5ed1aa5befd944aeb7f0225c28e34355"
RECHARGE_OLD_AS_HMAC = "2f1af10a309227d5634e01015d757781db4905aa7b440c3e82d5b1ee2a3e6bdc"

HUBSPOT_SECRET = "hs-client-secret-for-tests-0001"
HUBSPOT_URL = "https://sync.example.com/webhooks/hubspot"
HUBSPOT_TIMESTAMP = "1790000000123"
HUBSPOT_NOW = 1790000000.123
HUBSPOT_BODY = (
    b'[{"eventId":1001,"subscriptionId":77,"portalId":4242,"appId":9001,"occurredAt":1790000000000,'
    b'"subscriptionType":"contact.propertyChange","attemptNumber":0,"objectId":501,"propertyName":"lifecyclestage",'
    b'"propertyValue":"customer","changeSource":"CRM_UI","sourceId":"userId:12"}]'
)
HUBSPOT_V3 = "n8flJSO/XK4A7M6l/eJnuAQwmXjh5PtcfwZVRl7ZXRU="
HUBSPOT_V2 = "e3a0f8a7458a8c133697b56a9087154fd87529b97ea7ebe980d18da83b2d2414"
HUBSPOT_V1 = "697d617c6b80e841065bfd97e418016dedf6a1d309ffe0ea0813d2735614cb41"
HUBSPOT_UNICODE_BODY = '[{"objectId":502,"propertyName":"firstname","propertyValue":"Zoë"}]'.encode()
HUBSPOT_UNICODE_V3 = "dkA52K39J+BWMyQ5Hysdd/hC8Bv5PwlgTw9Z3G/eUVk="
HUBSPOT_ESCAPED_URL = f"{HUBSPOT_URL}?src=hs%3Aapp&p=a%2Fb"
HUBSPOT_ESCAPED_V3 = "gDKL8xrBkxPlBuUUgfCwO4Ys6VNHK48QPMQL1Wunuzw="

SDK_SECRET = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy"
SDK_URL = "https://www.example.com/webhook_uri"
SDK_BODY = b"{'example_field':'example_value'}"
SDK_TIMESTAMP = "1693657560000"
SDK_V3 = "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y="


def delivery(source: str, body: bytes, url: str = "https://sync.example.com/hook", **headers: str) -> Delivery:
    """A delivery of a source; headers by their names with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Delivery(
        source=source,
        store="main",
        path_topic="",
        method="POST",
        url=url,
        headers=named,
        body=body,
        received_at=float(T),
    )


SHOPIFY = delivery("shopify", SHOPIFY_BODY, x_shopify_hmac_sha256=SHOPIFY_SIGNATURE)
OWN = delivery(
    "own", OWN_BODY, webhook_id="evt_0001", webhook_timestamp=str(T), webhook_signature=OWN_SIGNATURE_A
)  # fmt: skip
HUBSPOT = delivery(
    "hubspot",
    HUBSPOT_BODY,
    HUBSPOT_URL,
    x_hubspot_signature_v3=HUBSPOT_V3,
    x_hubspot_request_timestamp=HUBSPOT_TIMESTAMP,
)
BIGCOMMERCE = delivery(
    "bigcommerce",
    BIGCOMMERCE_BODY,
    webhook_id="msg_test_1",
    webhook_timestamp=str(T),
    webhook_signature=BIGCOMMERCE_SIGNATURE,
)
WOOCOMMERCE = delivery("woocommerce", WOOCOMMERCE_BODY, x_wc_webhook_signature=WOOCOMMERCE_SIGNATURE)
RECHARGE = delivery("recharge", RECHARGE_BODY, x_recharge_webhook_signature=RECHARGE_SIGNATURE)
RECHARGE_OLD = delivery("recharge", RECHARGE_BODY, x_recharge_hmac_sha256=RECHARGE_OLD_HASH)
SECRETS = {
    "shopify": SHOPIFY_SECRET,
    "own": OWN_SECRET_A,
    "hubspot": HUBSPOT_SECRET,
    "bigcommerce": BIGCOMMERCE_SECRET,
    "woocommerce": WOOCOMMERCE_SECRET,
    "recharge": RECHARGE_SECRET,
}
NOW = {source: HUBSPOT_NOW if source == "hubspot" else float(T) for source in SECRETS}
SIGNATURE_HEADERS = {
    "shopify": "x-shopify-hmac-sha256",
    "own": "webhook-signature",
    "hubspot": "x-hubspot-signature-v3",
    "bigcommerce": "webhook-signature",
    "woocommerce": "x-wc-webhook-signature",
}
STANDARD = frozenset({"own", "bigcommerce"})
"""Sources that sign by Standard Webhooks."""
GENUINE = (SHOPIFY, OWN, HUBSPOT, BIGCOMMERCE, WOOCOMMERCE)


def verify(given: Delivery, *secrets: str, now: float | None = None) -> None:
    """Verify a delivery by its source's scheme, at the moment its vector was made unless told otherwise."""
    moment = NOW[given.source] if now is None else now
    scheme_of(given.source).verify(given, list(secrets), now=moment, tolerance=TOLERANCE)


def with_headers(given: Delivery, **headers: str | None) -> Delivery:
    """The delivery with some headers changed, or left out where they are None."""
    changed = given.headers | {name.replace("_", "-"): value for name, value in headers.items()}  # type: ignore[operator]
    return replace(given, headers={name: value for name, value in changed.items() if value is not None})


def signed_own(timestamp: str, *, secret: str = OWN_SECRET_A, webhook_id: str = "evt_0001") -> Delivery:
    """A delivery rightly signed over whatever timestamp, by a plain hash of the recipe."""
    message = f"{webhook_id}.{timestamp}.".encode() + OWN_BODY
    mac = hmac.digest(b64decode(secret.removeprefix("whsec_")), message, "sha256")
    signature = f"v1,{b64encode(mac).decode()}"
    return with_headers(OWN, webhook_id=webhook_id, webhook_timestamp=timestamp, webhook_signature=signature)


def signed_bigcommerce(timestamp: str, *, secret: str = BIGCOMMERCE_SECRET, body: bytes = BIGCOMMERCE_BODY) -> Delivery:
    """The same for BigCommerce, whose key is the secret's own bytes."""
    message = f"msg_test_1.{timestamp}.".encode() + body
    signature = f"v1,{b64encode(hmac.digest(secret.encode(), message, 'sha256')).decode()}"
    return replace(with_headers(BIGCOMMERCE, webhook_timestamp=timestamp, webhook_signature=signature), body=body)


def signed_hubspot(timestamp: str, *, secret: str = HUBSPOT_SECRET) -> Delivery:
    """The same for HubSpot."""
    message = f"POST{HUBSPOT_URL}".encode() + HUBSPOT_BODY + timestamp.encode()
    signature = b64encode(hmac.digest(secret.encode(), message, "sha256")).decode()
    return with_headers(HUBSPOT, x_hubspot_request_timestamp=timestamp, x_hubspot_signature_v3=signature)


def signed_recharge(timestamp: str, *, secret: str = RECHARGE_SECRET, body: bytes = RECHARGE_BODY) -> Delivery:
    """The same for Recharge's newer header."""
    mac = hmac.digest(secret.encode(), f"{timestamp}.".encode() + body, "sha256").hex()
    return replace(with_headers(RECHARGE, x_recharge_webhook_signature=f"t={timestamp},v1={mac}"), body=body)


def hashed_recharge(*, secret: str = RECHARGE_SECRET, body: bytes = RECHARGE_BODY) -> Delivery:
    """The same for its older one."""
    digest = sha256(secret.encode() + body).hexdigest()
    return replace(with_headers(RECHARGE_OLD, x_recharge_hmac_sha256=digest), body=body)
