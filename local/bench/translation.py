"""From an order's body to canonical events, against ``json.loads`` of the same bytes in the same run.

A process is fast or slow by chance (where its memory lies, who else had the processor), and interpreted code suffers
more from it than ``json.loads``, which is a loop in C. So several processes measure both in turn, and of each the best
counts.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from commerce_sync.contracts import Store
from commerce_sync.intake import screen, translate

from local.places import ROOT

PROCESSES, ROUNDS, REPEATS = 8, 2_000, 4
"""Short rounds: the best of many finds a moment in which nobody else had the processor."""
STORE = Store(source="shopify", id="us")
SAMPLE = "shopify/orders_create__shopifydocs-2026-04.json"


def measure_translation() -> dict[str, Any]:
    """Best CPU time of interleaved rounds. Uses the reference order where it is there, else the largest sample."""
    name, body = _order()
    if not translate("shopify", "orders/create", STORE, body).events:
        raise RuntimeError("the order does not translate, so there is nothing to measure")
    found = [_measured_apart() for _ in range(PROCESSES)]
    best = {one: min(times[one] for times in found) for one in found[0]}
    return {
        "body": name,
        "bytes": len(body),
        "microseconds": {one: round(value * 1e6, 1) for one, value in best.items()},
        "translate_to_json_loads": round(best["translate"] / best["json.loads"], 2),
        "translate_to_json_loads_by_process": [round(one["translate"] / one["json.loads"], 2) for one in found],
        "screen_to_json_loads": round(best["screen"] / best["json.loads"], 2),
        "limits": {"translate_to_json_loads": 0.8},
    }


def _measured_apart() -> dict[str, float]:
    """Seconds of CPU of each, the best that one fresh process finds."""
    done = subprocess.run([sys.executable, "-m", __name__], cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _measured() -> dict[str, float]:
    _, body = _order()
    work: dict[str, Callable[[], object]] = {
        "json.loads": lambda: json.loads(body),
        "translate": lambda: translate("shopify", "orders/create", STORE, body),
    }
    return _best(work, ROUNDS) | _best({"screen": lambda: screen(body)}, ROUNDS // 4)


def _best(work: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    best = dict.fromkeys(work, float("inf"))
    for _ in range(rounds):
        for one, run in work.items():
            best[one] = min(best[one], _cpu(run))
    return best


def _order() -> tuple[str, bytes]:
    reference = Path(os.environ.get("REFERENCE_DATA", ROOT.parent / "shared")) / "payloads" / SAMPLE
    if reference.exists():
        body = json.loads(reference.read_text())["payload"]
        live = body | {"test": False, "cancelled_at": None, "cancel_reason": None}
        return SAMPLE, json.dumps(live, separators=(",", ":")).encode()
    event = json.loads((ROOT / "events" / "identity_normalization" / "shopify_orders_create.json").read_text())
    return "events sample", json.loads(event["Records"][0]["body"])["body"].encode()


def _cpu(run: Callable[[], object]) -> float:
    started = time.process_time()
    for _ in range(REPEATS):
        run()
    return (time.process_time() - started) / REPEATS


if __name__ == "__main__":
    print(json.dumps(_measured()))
