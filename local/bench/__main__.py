"""``make bench``: prints the figures and writes ``build/bench.json``."""

import json
import os
import sys
from typing import Any

from local.bench.cold_start import measure_cold_start
from local.bench.opt_out_latency import measure_opt_out_latency
from local.bench.translation import measure_translation
from local.bench.vendor_calls import measure_vendor_calls
from local.deployment import build
from local.places import ROOT

REPORT = ROOT / "build" / "bench.json"


def main() -> int:
    """Measure everything; returns 1 where a limit is passed."""
    print("building, so that what is measured is what is shipped", flush=True)
    build()
    figures: dict[str, Any] = {
        "python": sys.version.split()[0],
        "load_average": os.getloadavg()[0],
        "translation": measure_translation(),
        "cold_start_of_webhook_intake": measure_cold_start(),
        "vendor_calls": measure_vendor_calls(),
        "opt_out_latency": measure_opt_out_latency(),
    }
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(figures, indent=2) + "\n")
    print(json.dumps(figures, indent=2))
    passed = list(_passed_limits(figures))
    print("\n".join(passed) if passed else "every figure is within its limit")
    return 1 if passed else 0


def _passed_limits(figures: dict[str, Any]) -> list[str]:
    sections = {name: section for name, section in figures.items() if isinstance(section, dict)}
    return [
        f"{name}: {limit} is {value}, more than {section['limits'][limit]}"
        for name, section in sections.items()
        for limit in section["limits"]
        if (value := _value(section[limit])) > section["limits"][limit]
    ]


def _value(figure: Any) -> float:
    """A section's figure; of memory, the intake's."""
    return float(figure["intake"] if isinstance(figure, dict) else figure)


if __name__ == "__main__":
    sys.exit(main())
