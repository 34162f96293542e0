"""The scripts for shops' pages, run with node: what they send, and when they must not. Skipped where node is not."""

import json
import shutil
import subprocess
from typing import Any

import pytest

from local.places import ROOT
from tests.unit.intake.bodies import only
from tests.unit.intake.web_bodies import ADA, OWN_PAGES, PAGES, browser, checkout, variant

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="node is not installed")
FOLDER = ROOT / "storefront"
SNIPPETS = ["snippet.js", "snippet.min.js"]
MUG = {"product_id": "MUG-B", "price": "14.95", "quantity": 2}
RECORDER = """
const sent = [];
globalThis.fetch = (url, request) => { sent.push([url, request]); return Promise.reject(new Error("offline")); };
process.on("exit", () => console.log(JSON.stringify(sent)));
"""


def run(script: str) -> list[Any]:
    """What a script sends, as (address, request). An error that it does not catch fails."""
    assert NODE is not None
    done = subprocess.run(  # our own scripts
        [NODE, "--input-type=module", "--eval", RECORDER + script],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    sent: list[Any] = json.loads(done.stdout)
    return sent


def visit(snippet: str, acts: str, **options: Any) -> list[Any]:
    """What the snippet sends; ``allowed`` is what the consent callback says."""
    allowed = options.pop("allowed", "true")
    said = {"url": "https://x.example/web/us?token=t", "customer": ADA} | options
    source = json.dumps((FOLDER / snippet).read_text())
    return run(
        f"(0, eval)({source}); let allowed = {allowed};"
        f"const web = commerceSync({{...{json.dumps(said)}, mayTrack: () => allowed}}); {acts}"
    )


def told(sent: list[Any]) -> list[Any]:
    """The events."""
    return [json.loads(request["body"]) for _, request in sent]


ACTS = f"""
const mug = {json.dumps(MUG)};
web.viewedProduct(mug); web.addedToCart([mug]);
web.startedCheckout([mug], {{ checkout_id: "c1", total: "29.90" }});
"""


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_what_the_snippet_sends_is_understood(snippet: str) -> None:
    """Each act is one event; nothing of it is set aside."""
    events = told(visit(snippet, ACTS, currency="USD"))
    translation = browser(events, OWN_PAGES, received_at=None)
    assert translation.rejections == ()
    assert [event.name for event in translation.events] == ["viewed_product", "added_to_cart", "started_checkout"]
    assert {str(event.value) for event in translation.events} == {"29.90"}
    assert len({event["id"] for event in events}) == 3


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_a_request_carries_no_cookie_and_needs_no_preflight(snippet: str) -> None:
    """A plain text, that outlives the page."""
    ((url, request),) = visit(snippet, f"web.viewedProduct({json.dumps(MUG)})")
    assert url == "https://x.example/web/us?token=t"
    assert request == {
        "method": "POST",
        "body": request["body"],
        "keepalive": True,
        "credentials": "omit",
        "referrerPolicy": "origin",
    }


@pytest.mark.parametrize("snippet", SNIPPETS)
@pytest.mark.parametrize("allowed", ["false", "undefined", "null", "1", '"yes"'])
def test_nothing_is_sent_before_a_clear_yes(snippet: str, allowed: str) -> None:
    """Only ``true`` is one."""
    assert visit(snippet, ACTS, allowed=allowed) == []


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_consent_is_asked_anew_for_each_event(snippet: str) -> None:
    """What is taken back counts at once."""
    acts = f"const mug = {json.dumps(MUG)}; web.viewedProduct(mug); allowed = false; web.addedToCart(mug);"
    assert [event["name"] for event in told(visit(snippet, acts))] == ["viewed_product"]


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_nobody_is_told_of_who_is_not_known(snippet: str) -> None:
    """Until they are."""
    assert visit(snippet, ACTS, customer=None) == visit(snippet, ACTS, customer={"email": ""}) == []
    acts = f'web.identify({{ email: "ada@example.com" }}); web.viewedProduct({json.dumps(MUG)})'
    assert [event["customer"] for event in told(visit(snippet, acts, customer=None))] == [{"email": "ada@example.com"}]


def test_without_a_callback_nothing_is_ever_sent() -> None:
    """A forgotten option must not mean yes."""
    for snippet in SNIPPETS:
        source = json.dumps((FOLDER / snippet).read_text())
        web = 'commerceSync({ url: "u", customer: { id: "1" } })'
        assert run(f"(0, eval)({source}); {web}.viewedProduct({json.dumps(MUG)});") == []


def test_the_snippet_is_small_and_touches_nothing_of_the_page() -> None:
    """Under 2 kB; no cookie, no storage, no code from text."""
    assert len((FOLDER / "snippet.min.js").read_bytes()) < 2048
    for snippet in SNIPPETS:
        code = (FOLDER / snippet).read_text().partition("*/")[2]
        assert [word for word in ("cookie", "Storage", "innerHTML", "eval", "document") if word in code] == []


PIXEL = """
import { report } from %s;
const heard = {}; let privacy;
report({
  analytics: { subscribe: (name, tell) => { heard[name] = tell; } },
  customerPrivacy: { subscribe: (_name, tell) => { privacy = tell; } },
  init: { data: { customer: %s }, customerPrivacy: { marketingAllowed: %s, analyticsProcessingAllowed: true } },
  settings: { url: "https://x.example/web/us?token=t" },
  fetch: (url, request) => fetch(url, request),
});
const data = %s;
const tell = (name) => heard[name]({ id: `sh-${name}`, name, timestamp: new Date().toISOString(), data: data[name] });
Object.keys(heard).forEach(tell);
%s
"""


def shop_visit(customer: object = ADA, allowed: str = "true", more: str = "", **data: object) -> list[Any]:
    """What the pixel sends of one view, one cart and one checkout."""
    line = {"merchandise": variant(), "quantity": 2, "cost": {"totalAmount": {"amount": 29.9, "currencyCode": "USD"}}}
    every = {
        "product_viewed": {"productVariant": variant()},
        "product_added_to_cart": {"cartLine": line},
        "checkout_started": {"checkout": checkout()},
        **data,
    }
    module = json.dumps((FOLDER / "shopify-pixel" / "src" / "report.js").as_uri())
    return run(PIXEL % (module, json.dumps(customer), allowed, json.dumps(every), more))


def test_what_the_pixel_sends_is_understood() -> None:
    """All three, to the cent, and none of the words that are not read."""
    sent = shop_visit()
    translation = browser(told(sent), PAGES, received_at=None)
    assert translation.rejections == ()
    assert [str(event.value) for event in translation.events] == ["14.95", "29.90", "34.24"]
    assert [event.imbalance for event in translation.events] == [None, None, None]
    for _, request in sent:
        assert "script" not in request["body"]
        assert "clientId" not in request["body"]
        assert "Marketing" not in request["body"]


def test_the_pixel_tells_of_known_visitors_only() -> None:
    """A checkout with a typed address is somebody's; without one, nobody's."""
    assert [event["name"] for event in told(shop_visit(customer=None))] == ["checkout_started"]
    nobody = {"checkout": checkout(email=None)}
    assert shop_visit(customer=None, checkout_started=nobody, product_added_to_cart={"cartLine": None}) == []


def test_the_pixel_keeps_silent_without_consent_and_after_it_was_taken_back() -> None:
    """Shopify holds events back until it is given; on the page it can be taken back."""
    assert shop_visit(allowed="false") == []
    back = (
        "privacy({ customerPrivacy: { marketingAllowed: false, analyticsProcessingAllowed: true } });"
        "Object.keys(heard).forEach(tell);"
    )
    assert len(shop_visit(more=back)) == 3


def test_the_pixels_subscriptions_are_those_that_are_translated() -> None:
    """One that is not would cost money and be set aside."""
    assert len(told(shop_visit())) == 3
    assert only(browser(told(shop_visit())[0], PAGES, received_at=None)).properties == {"collected_by": "shopify_pixel"}
