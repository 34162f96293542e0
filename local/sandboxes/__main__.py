"""``python -m local.sandboxes --ports klaviyo=PORT,hubspot=PORT,... --log FILE``: serve until told to stop."""

import argparse
import signal
import threading
from pathlib import Path

from local.sandboxes.server import start_sandboxes


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m local.sandboxes")
    parser.add_argument("--ports", default="")
    parser.add_argument("--log", type=Path)
    arguments = parser.parse_args()
    ports = {name: int(port) for name, port in (pair.split("=") for pair in arguments.ports.split(",") if pair)}
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    sandboxes = start_sandboxes(arguments.log, ports)
    stopped.wait()
    sandboxes.stop()


if __name__ == "__main__":
    main()
