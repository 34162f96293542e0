"""The bundle in process, with helpers to push messages from one function to the next as the mappings would."""

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import boto3

from local.in_process import InProcessBundle, LambdaContext, in_process_bundle
from local.places import REGION
from local.sample_day.deliveries import Delivery
from local.sample_day.signing import signed_headers

SECRETS = {
    "shopify": {"us": ["shpss_current", "shpss_previous"], "eu": ["shpss_eu", "shpss_eu_old"]},
    "own": {"wholesale": ["whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="]},
    "hubspot": {"main": ["hs-client-secret-for-tests-0001"]},
    "bigcommerce": {"outlet": ["bc-client-secret-for-tests"]},
    "woocommerce": {"uk": ["wcsecretfortests"]},
    "recharge": {"us": ["rc-client-secret-for-tests", "rc-previous"]},
    "klaviyo": {"main": ["kl-webhook-secret-for-tests-01"]},
    **{
        source: {"main": ["whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="]}
        for source in ("preferences", "staff", "sms", "support")
    },
    "web": {"us": ["web-token-of-us-now-1", "web-token-of-us-before"], "wholesale": ["web-token-of-wholesale"]},
    "properties": {
        owner: ["whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="] for owner in ("warehouse", "helpdesk")
    },
}
BASE_URL = "https://sync.example.com"
TOKENS = {
    "klaviyo": "pk_local",
    "hubspot": "pat-local",
    "bigcommerce": {"outlet": "bc_local"},
    "recharge": {"us": "sk_local"},
}
PEPPERS = {"current": "1", "1": "pepper-for-tests"}
LIVE = {
    "PublicBaseUrl": BASE_URL,
    "KlaviyoMode": "live",
    "HubSpotMode": "live",
    "KlaviyoBaseUrl": "https://klaviyo.test",
    "HubSpotBaseUrl": "https://hubspot.test",
}


@contextmanager
def ready_bundle(parameters: Mapping[str, str] = LIVE) -> Iterator[InProcessBundle]:
    """A bundle with its secrets set."""
    with in_process_bundle(parameters) as bundle:
        bundle.put_secret("SigningSecrets", SECRETS)
        bundle.put_secret("VendorTokens", TOKENS)
        bundle.put_secret("Pepper", PEPPERS)
        yield bundle


def aws_client(service: str) -> Any:
    """A client of the in-process AWS."""
    return boto3.client(service, region_name=REGION)


def api_event(delivery: Delivery, *, secret: str | None = None, at: float | None = None) -> dict[str, Any]:
    """What API Gateway hands to the intake for a delivery signed with its store's secret."""
    url = f"{BASE_URL}/webhooks/{delivery.source}/{delivery.store}"
    key = secret or SECRETS[delivery.source][delivery.store][0]
    proof = signed_headers(delivery.source, key, url, delivery.body, delivery.delivery_id, at=at)
    return raw_event(delivery, {**delivery.headers, **proof})


def door_event(delivery: Delivery) -> dict[str, Any]:
    """The same through the route about consent that names its source itself."""
    event = api_event(delivery)
    path = f"/consent/{delivery.source}/{delivery.store}"
    route = {"routeKey": f"POST /consent/{delivery.source}/{{store}}", "rawPath": path}
    return event | route | {"pathParameters": {"store": delivery.store}}


def raw_event(delivery: Delivery, headers: Mapping[str, str]) -> dict[str, Any]:
    """The same with headers as they are."""
    return {
        "version": "2.0",
        "rawPath": f"/webhooks/{delivery.source}/{delivery.store}",
        "rawQueryString": "",
        "headers": dict(headers),
        "pathParameters": {"source": delivery.source, "store": delivery.store},
        "requestContext": {
            "domainName": "sync.example.com",
            "http": {"method": "POST"},
            "timeEpoch": 1795262400000,
        },
        "isBase64Encoded": True,
        "body": base64.b64encode(delivery.body).decode(),
    }


def post(bundle: InProcessBundle, event: Mapping[str, Any]) -> dict[str, Any]:
    """One webhook through the intake."""
    with bundle.function("webhook_intake") as module:
        return dict(module.handler(dict(event), LambdaContext()))


def waiting(bundle: InProcessBundle, queue: str) -> list[str]:
    """The bodies in a queue, taken out."""
    bodies: list[str] = []
    url = bundle.names[queue]
    while messages := aws_client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        bodies += [message["Body"] for message in messages]
        for message in messages:
            aws_client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return bodies


def sqs_event(bodies: list[str]) -> dict[str, Any]:
    """What an event source mapping hands over."""
    return {"Records": [_record(position, body) for position, body in enumerate(bodies)]}


def consume(
    bundle: InProcessBundle, function: str, bodies: list[str], overrides: Mapping[str, str] | None = None
) -> list[str]:
    """Hand messages to a function; returns the bodies that it gave back. No messages, no invocation."""
    if not bodies:
        return []
    with bundle.function(function, overrides) as module:
        answer = module.handler(sqs_event(bodies), LambdaContext())
    failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
    return [body for position, body in enumerate(bodies) if f"m{position}" in failed]


def items(bundle: InProcessBundle, table: str) -> list[dict[str, Any]]:
    """Everything in a table."""
    found: list[dict[str, Any]] = aws_client("dynamodb").scan(TableName=bundle.names[table])["Items"]
    return found


def _record(position: int, body: str) -> dict[str, Any]:
    return {
        "messageId": f"m{position}",
        "receiptHandle": f"r{position}",
        "body": body,
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "0", "SenderId": "x"},
        "messageAttributes": {},
        "md5OfBody": "",
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:{REGION}:123456789012:queue",
        "awsRegion": REGION,
    }
