"""The commands behind the Makefile."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from local import deployment
from local.backfills import READ_EVERY, Progress, backfills
from local.invocation import invoke_sample
from local.quiet import wait_until_quiet
from local.stack import Stack, bring_up, invoke, read_stack, read_vendors, take_down
from local.translation import translate_template


def main() -> int:
    """Run one command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m local", description="The local stack")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build")
    commands.add_parser("run")
    commands.add_parser("up").add_argument("--vendors")
    commands.add_parser("down")
    commands.add_parser("wait").add_argument("--timeout", type=float, default=120)
    commands.add_parser("translate").add_argument("path", type=Path)
    commands.add_parser("operate").add_argument("payload")
    sample = commands.add_parser("invoke")
    sample.add_argument("function")
    sample.add_argument("event", type=Path)
    arguments = parser.parse_args()
    try:
        return COMMANDS[arguments.command](arguments)
    except (FileNotFoundError, IsADirectoryError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2


class Steps:
    """Lines with the seconds since the start."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    def say(self, text: str) -> None:
        """Print one line."""
        print(f"[{time.monotonic() - self._started:5.1f} s] {text}", flush=True)


def _build(_arguments: argparse.Namespace) -> int:
    deployment.build()
    return 0


def _run(_arguments: argparse.Namespace) -> int:
    from local.sample_day.day import play_the_day  # noqa: PLC0415 # the other commands need nothing of it

    progress = Steps()
    progress.say("making ready: nothing leaves this machine, everything listens on 127.0.0.1")
    try:
        return play_the_day(bring_up(progress.say), progress.say)
    finally:
        take_down()


def _up(arguments: argparse.Namespace) -> int:
    progress = Steps()
    try:
        stack = bring_up(progress.say, read_vendors(arguments.vendors))
    except BaseException:
        take_down()
        raise
    progress.say("the stack is up and empty; .local/stack.json says where everything is. Stop it with make down.")
    print(f"  intake  {stack['intake_url']}/webhooks/{{source}}/{{store}}")
    return 0


def _down(_arguments: argparse.Namespace) -> int:
    print("stopped" if take_down() else "nothing was up")
    return 0


def _wait(arguments: argparse.Namespace) -> int:
    started, stack = time.monotonic(), read_stack()
    progress = Progress(lambda: backfills(stack), sys.stderr)
    left = wait_until_quiet(stack, arguments.timeout, lambda _: progress.look())
    progress.close()
    if not left:
        print(f"quiet after {time.monotonic() - started:.0f} s")
    for name, number in left.items():
        print(f"{number} left: {name}")
    return 1 if left else 0


def _translate(arguments: argparse.Namespace) -> int:
    arguments.path.parent.mkdir(parents=True, exist_ok=True)
    arguments.path.write_text(json.dumps(translate_template(), indent=2))
    return 0


def _operate(arguments: argparse.Namespace) -> int:
    stack, command = read_stack(), json.loads(arguments.payload)
    answer = invoke(stack, "operations", command)
    print(json.dumps(answer, indent=2), flush=True)
    if answer.get("ok") and command.get("command") == "backfill":
        _follow_backfills(stack)
    return 0 if answer.get("ok") else 1


def _follow_backfills(stack: Stack) -> None:
    """Somebody at a terminal sees them to their end, or until Ctrl-C; whoever called from a script gets one line."""
    progress = Progress(lambda: backfills(stack), sys.stderr)
    try:
        while progress.look() and sys.stdout.isatty() and sys.stderr.isatty():
            time.sleep(READ_EVERY)
    except KeyboardInterrupt:
        print('\nno longer watched: it goes on until {"do": "pause"} or {"do": "cancel"}', file=sys.stderr)
    progress.close()


def _invoke(arguments: argparse.Namespace) -> int:
    print("in a fresh, empty bundle in this process, not in the stack of make up", file=sys.stderr)
    print(json.dumps(invoke_sample(arguments.function, arguments.event), indent=2))
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "build": _build,
    "run": _run,
    "up": _up,
    "down": _down,
    "wait": _wait,
    "translate": _translate,
    "operate": _operate,
    "invoke": _invoke,
}

if __name__ == "__main__":
    sys.exit(main())
