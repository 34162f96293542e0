"""Workers killed, releases changed under waiting messages, a day replayed: the vendors hold the same in the end."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from local import deployment
from local.emulator import CREDENTIALS, aws
from local.places import BUILD, ROOT
from local.quiet import wait_until_quiet, what_is_left
from local.sample_day import shopify_bodies
from local.sample_day.deliveries import Delivery, _shopify
from local.sample_day.playing import post
from local.sample_day.shops import tell
from local.sample_day.story import Order, Story
from local.stack import Stack, get_json, invoke

pytestmark = pytest.mark.network


def story() -> Story:
    """Today's story."""
    return tell(datetime.now(UTC))


def orders(first: int, number: int) -> list[Order]:
    """Some new orders of the American store."""
    known = story().orders[:30]
    return [replace(known[n % 30], order_id=5_700_000_000_000_000_000 + first + n) for n in range(number)]


def deliveries(wanted: list[Order]) -> list[Delivery]:
    """Their creation, each twice."""
    made = [_shopify("us", "orders/create", shopify_bodies.order_body(one, [], one.placed_at)) for one in wanted]
    return made + made


def settle(stack: Stack) -> None:
    """Wait until nothing moves."""
    assert wait_until_quiet(stack, 180, lambda _: None) == {}


def placed_at_klaviyo(stack: Stack) -> Counter[str]:
    """How often Klaviyo holds each order."""
    events = get_json(f"{stack['vendors']['klaviyo']}/_sandbox/state")["events"]
    return Counter(event["unique_id"] for event in events if event["metric"] == "Placed Order")


def orders_at_hubspot(stack: Stack) -> Counter[str]:
    """How often HubSpot holds each order."""
    state = get_json(f"{stack['vendors']['hubspot']}/_sandbox/state")
    return Counter(order["properties"]["sync_order_key"] for order in state["orders"])


def assert_told_once(stack: Stack, wanted: list[Order]) -> None:
    """Each of these orders stands once in each vendor."""
    expected = Counter(order.key for order in wanted)
    assert expected & placed_at_klaviyo(stack) == expected
    assert expected & orders_at_hubspot(stack) == expected
    assert max(placed_at_klaviyo(stack).values()) == max(orders_at_hubspot(stack).values()) == 1


def workers(folder: Path) -> list[int]:
    """The process ids of the emulator's function workers."""
    emulator = str(json.loads((folder / "processes.json").read_text())["emulator"])
    listed = subprocess.run(["ps", "-eww", "-o", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()[1:]]
    return [int(pid) for pid, parent, command in rows if parent == emulator and "_worker.py" in command]


def test_workers_killed_at_any_moment_change_nothing(stack: Stack, stack_folder: Path) -> None:
    """Leases run out, messages come again, the dispatcher finishes: each order is told once."""
    wanted = orders(0, 24)
    for delivery in deliveries(wanted):
        assert post(stack, delivery).status == 200
    killed = 0
    for _ in range(12):
        for process_id in workers(stack_folder):
            os.kill(process_id, signal.SIGKILL)
            killed += 1
        time.sleep(0.7)
        if not what_is_left(stack):
            break
    assert killed > 0, "no worker was there to be killed"
    settle(stack)
    assert_told_once(stack, wanted)


def test_a_replay_of_the_day_calls_no_vendor_for_what_it_knows(stack: Stack) -> None:
    """Operations replay: the ids make it harmless."""
    wanted = orders(100, 6)
    for delivery in deliveries(wanted):
        assert post(stack, delivery).status == 200
    settle(stack)
    before = _calls(stack)
    day = {"source": "shopify", "store": "us", "since": "2000-01-01T00:00:00Z", "until": "2100-01-01T00:00:00Z"}
    answer = invoke(stack, "operations", {"command": "replay", "arguments": {**day, "dry_run": False}})
    assert answer["ok"], answer
    assert answer["result"]["replayed"] >= len(wanted)
    settle(stack)
    assert _calls(stack) == before
    assert_told_once(stack, wanted)


def _calls(stack: Stack) -> tuple[int, int, int]:
    klaviyo = get_json(f"{stack['vendors']['klaviyo']}/_sandbox/state")
    hubspot = get_json(f"{stack['vendors']['hubspot']}/_sandbox/state")
    return len(klaviyo["events"]), len(hubspot["orders"]), len(hubspot["contacts"])


def test_messages_of_one_release_are_read_by_the_next(stack: Stack, tmp_path: Path) -> None:
    """Deployed over waiting messages, a release with a newer contract lifts them; none is lost or told twice."""
    endpoint = stack["aws_endpoint_url"]
    _switch_consumers(endpoint, on=False)
    wanted = orders(200, 6)
    for delivery in deliveries(wanted):
        assert post(stack, delivery).status == 200
    assert what_is_left(stack)["inbound"] == len(deliveries(wanted))
    parameters = aws(endpoint, "cloudformation").describe_stacks(StackName=stack["stack_name"])["Stacks"][0]
    _deploy(_next_release(tmp_path), endpoint, parameters["Parameters"])
    _switch_consumers(endpoint, on=True)
    after = orders(300, 2)
    for delivery in deliveries(after):
        assert post(stack, delivery).status == 200
    settle(stack)
    assert_told_once(stack, [*wanted, *after])


def _next_release(folder: Path) -> Path:
    """The built bundle with every contract one version newer."""
    release = folder / "next"
    shutil.copytree(BUILD, release)
    package = release / "SharedLayer" / "python" / "commerce_sync"
    for name, old in (
        ("contracts/base.py", "VERSION: ClassVar[int] = 1"),
        ("webhooks/envelope.py", "SCHEMA_VERSION = 1"),
    ):
        module = package / name
        text = module.read_text()
        assert old in text
        module.write_text(text.replace(old, old[:-1] + "2"))
    compiler = [sys.executable, "-m", "compileall", "-q", "-f", "--invalidation-mode", "unchecked-hash", str(package)]
    subprocess.run(
        compiler, check=True, env={name: value for name, value in os.environ.items() if "DONTWRITE" not in name}
    )
    return release


def _deploy(release: Path, endpoint: str, parameters: list[dict[str, Any]]) -> None:
    given = [f"{one['ParameterKey']}={one['ParameterValue']}" for one in parameters if one["ParameterValue"]]
    command = [deployment.SAM, "deploy", "--template-file", str(release / "template.yaml"), "--resolve-s3"]
    command += ["--stack-name", "commerce-sync", "--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset"]
    environment = {**os.environ, **CREDENTIALS, "AWS_ENDPOINT_URL": endpoint, "SAM_CLI_TELEMETRY": "0"}
    deployed = subprocess.run(
        [*command, "--parameter-overrides", *given],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr


def _switch_consumers(endpoint: str, *, on: bool) -> None:
    client = aws(endpoint, "lambda")
    for mapping in client.list_event_source_mappings()["EventSourceMappings"]:
        client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=on)
