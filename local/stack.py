"""Brings the stack up, describes it in ``.local/stack.json``, takes it down."""

import base64
import json
import secrets
import sys
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from commerce_sync.config.stores import configured_stores

from local.deployment import FUNCTIONS, QUEUES, TABLES, build, change_parameters, deploy, snake_case
from local.emulator import aws, start_emulator
from local.places import LOOPBACK, PROCESSES_FILE, REGION, REQUEST_LOG, STACK_FILE, STACK_NAME
from local.processes import free_port, start, stop_all, wait_until

Stack = dict[str, Any]
SANDBOXES = ("klaviyo", "hubspot", "shopify", "bigcommerce", "woocommerce", "recharge", "ecb")
LOCAL_TOKENS: dict[str, Any] = {
    "klaviyo": "pk_local",
    "hubspot": "pat-local",
    "shopify": {store: "shpat_local" for source, store in configured_stores() if source == "shopify"},
    "bigcommerce": {store: "bc_local" for source, store in configured_stores() if source == "bigcommerce"},
    "recharge": {store: "sk_local" for source, store in configured_stores() if source == "recharge"},
    "woocommerce": {store: "ck_local:cs_local" for source, store in configured_stores() if source == "woocommerce"},
}
TELLING = ("hubspot", "klaviyo", "shopify", "recharge")
"""Sandboxes that send webhooks."""
BIGCOMMERCE_PATH = "/stores/sandbox"
LOCAL_PEPPERS = {"current": "1", "1": "a-pepper-for-the-local-stack"}
STANDARD_WEBHOOKS = frozenset({"own", "preferences", "staff", "sms", "support", "properties"})
"""Who signs with a ``whsec_`` secret."""
Say = Callable[[str], None]


def bring_up(say: Say, vendors: Mapping[str, Any] | None = None) -> Stack:
    """Start everything, empty; returns the description that ``stack.json`` holds."""
    take_down()
    say("building the template's functions and layers")
    build()
    say("starting the AWS emulator and the vendor sandboxes")
    endpoint, sandboxes = start_emulator(), _start_sandboxes()
    addresses = {**sandboxes, **(vendors or {})}
    say("deploying the template with sam deploy")
    outputs = deploy(endpoint, _parameters(addresses))
    intake_url = f"{endpoint}/_aws/execute-api/{outputs['ApiId']}"
    change_parameters(endpoint, {"PublicBaseUrl": intake_url})
    stack = _describe(endpoint, outputs, intake_url, addresses, sandboxes)
    _hand_over_secrets(endpoint, outputs, stack)
    STACK_FILE.write_text(json.dumps(stack, indent=2))
    _connect_webhooks(stack)
    say("reading exchange rates")
    try:
        invoke(stack, "currency_rates", {"file": "history"})
    except RuntimeError as error:
        if not vendors:
            raise
        say(f"the given vendors have no rates: {error}")
    say("creating our properties in HubSpot (operations setup)")
    # One sandbox plays both Shopify stores: whom it tells is its own setting (_connect_webhooks).
    answer = invoke(stack, "operations", {"command": "setup", "arguments": {"webhooks": False}})
    if not answer.get("ok"):
        if not vendors:
            raise RuntimeError(f"operations setup: {answer}")
        say(f"the given vendors did not take the setup: {'; '.join(answer['errors'])}")
    return stack


def take_down() -> bool:
    """Stop what was started; returns whether anything was."""
    running = PROCESSES_FILE.exists()
    stop_all()
    STACK_FILE.unlink(missing_ok=True)
    return running


def read_stack() -> Stack:
    """The running stack.

    :raises FileNotFoundError: there is none.
    """
    if not STACK_FILE.exists():
        raise FileNotFoundError("no stack is up: make up")
    stack: Stack = json.loads(STACK_FILE.read_text())
    return stack


def invoke(stack: Stack, job: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Invoke one deployed function and return its answer.

    :raises RuntimeError: the function failed.
    """
    client = aws(stack["aws_endpoint_url"], "lambda")
    answer = client.invoke(FunctionName=stack["functions"][job], Payload=json.dumps(payload).encode())
    body = json.loads(answer["Payload"].read() or b"null")
    if answer.get("FunctionError"):
        raise RuntimeError(f"{job} failed: {body}")
    return body if isinstance(body, dict) else {"answer": body}


def _start_sandboxes() -> dict[str, str]:
    ports = {vendor: free_port() for vendor in SANDBOXES}
    REQUEST_LOG.parent.mkdir(parents=True, exist_ok=True)
    REQUEST_LOG.write_text("")
    listed = ",".join(f"{vendor}={port}" for vendor, port in ports.items())
    command = [sys.executable, "-m", "local.sandboxes", "--ports", listed, "--log", str(REQUEST_LOG)]
    start("sandboxes", command, {"PYTHONDONTWRITEBYTECODE": "1"})
    urls = {vendor: f"http://{LOOPBACK}:{port}" for vendor, port in ports.items()}
    for vendor, url in urls.items():
        wait_until(lambda url=url: _is_up(url), f"the {vendor} sandbox")  # type: ignore[misc] # bound at once
    return urls


def _is_up(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_sandbox/state", timeout=1) as response:  # noqa: S310 # loopback
            return bool(response.status == 200)  # noqa: PLR2004 # OK
    except OSError:
        return False


def _parameters(addresses: Mapping[str, Any]) -> dict[str, str]:
    return {
        "EnvironmentName": "local",
        "KlaviyoMode": "live",
        "HubSpotMode": "live",
        "KlaviyoBaseUrl": addresses["klaviyo"],
        "HubSpotBaseUrl": addresses["hubspot"],
        "EcbBaseUrl": addresses["ecb"],
        "StoresMode": "live",
        "StoreBaseUrls": store_urls(addresses),
        "SettleSeconds": "2",
        "VerifyAfterSeconds": "1,3",
        "FirstRetrySeconds": "2",
        "TotalsAfterSeconds": "2",
        "LeaseSeconds": "100",
        "PrivacyCheckSeconds": "1",
        "RequestsPerSecond": "1000",
        "LogRetentionDays": "1",
    }


def store_urls(addresses: Mapping[str, Any]) -> str:
    """The base URLs of the configured stores as the template's parameter says them: one for all, or one each.

    BigCommerce keeps each store below a path of its own, and the sandbox is one store.
    """
    said = []
    for source, store in configured_stores():
        if address := addresses.get(source):
            base = address[store] if isinstance(address, dict) else address
            below = BIGCOMMERCE_PATH if source == "bigcommerce" and not isinstance(address, dict) else ""
            said.append(f"{source}:{store}={base}{below}")
    return ",".join(said)


def _describe(
    endpoint: str,
    outputs: Mapping[str, str],
    intake_url: str,
    vendors: Mapping[str, Any],
    sandboxes: Mapping[str, str],
) -> Stack:
    stores = configured_stores().values()
    signing: dict[str, dict[str, list[str]]] = {}
    for store in stores:
        signing.setdefault(store.source, {})[store.id] = [_secret(store.source), _secret(store.source)]
    return {
        "aws_endpoint_url": endpoint,
        "region": REGION,
        "stack_name": STACK_NAME,
        "intake_url": intake_url,
        "stores": [
            {"source": store.source, "store": store.id, "currency": store.currency, "country": store.country}
            for store in stores
        ],
        "vendors": dict(vendors),
        "sandboxes": dict(sandboxes),
        "secrets": signing,
        "functions": {snake_case(name): outputs[f"{name}Function"] for name in FUNCTIONS},
        "tables": {snake_case(name): outputs[f"{name}Name"] for name in TABLES},
        "queues": {
            f"{snake_case(name)}{suffix}": _on_endpoint(outputs[f"{name}{kind}Url"], endpoint)
            for name in QUEUES
            for suffix, kind in (("", "Queue"), ("_dead_letters", "DeadLetters"))
        },
        "buckets": {"archive": outputs["ArchiveBucket"]},
    }


def _on_endpoint(queue_url: str, endpoint: str) -> str:
    """The emulator names itself localhost; it listens on the loopback address."""
    return endpoint + "/" + queue_url.split("/", 3)[3]


def _secret(source: str) -> str:
    if source in STANDARD_WEBHOOKS:
        return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    return secrets.token_hex(24)


def _hand_over_secrets(endpoint: str, outputs: Mapping[str, str], stack: Stack) -> None:
    manager = aws(endpoint, "secretsmanager")
    manager.put_secret_value(SecretId=outputs["SigningSecretsArn"], SecretString=json.dumps(stack["secrets"]))
    manager.put_secret_value(SecretId=outputs["VendorTokensArn"], SecretString=json.dumps(LOCAL_TOKENS))
    manager.put_secret_value(SecretId=outputs["PepperArn"], SecretString=json.dumps(LOCAL_PEPPERS))


def _connect_webhooks(stack: Stack) -> None:
    """The sandboxes tell us what changes in them, our own changes too, as the vendors' webhooks do."""
    for vendor in TELLING:
        store = next(store["store"] for store in stack["stores"] if store["source"] == vendor)
        settings: dict[str, Any] = {
            "webhook_url": f"{stack['intake_url']}/webhooks/{vendor}/{store}",
            "webhook_secret": stack["secrets"][vendor][store][0],
        }
        if vendor == "klaviyo":
            settings["webhook_includes_profile"] = True
        post_json(f"{stack['sandboxes'][vendor]}/_sandbox/settings", settings)


def post_json(url: str, body: Mapping[str, Any]) -> None:
    """Tell a sandbox something."""
    data = json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method="POST")  # noqa: S310
    with urllib.request.urlopen(request, timeout=5):  # noqa: S310 # loopback
        pass


def get_json(url: str) -> Any:
    """Ask a sandbox something."""
    with urllib.request.urlopen(url, timeout=10) as response:  # noqa: S310 # loopback
        return json.loads(response.read())


def read_vendors(path: str | None) -> dict[str, Any] | None:
    """The vendors' base URLs from a file of the shape of ``vendors``."""
    if path is None:
        return None
    vendors: dict[str, Any] = json.loads(Path(path).read_text())
    return vendors
