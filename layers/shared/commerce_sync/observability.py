"""Logs and metrics without an import worth mentioning: one JSON line each, never personal data or secrets.

The intake must start in milliseconds, so it prints; the embedded metric format turns a line into a metric.
"""

import json
import time

from commerce_sync.settings import metrics_namespace


def log(message: str, **ids: str | int | float) -> None:
    """One line: a constant message plus ids. Callers pass codes and ids only."""
    print(json.dumps({"message": message, **ids}))


def count(metric: str, value: int = 1, *, metric_unit: str = "Count", **dimensions: str) -> None:
    """One CloudWatch metric in the embedded metric format, with its dimensions and without any."""
    print(
        json.dumps(
            {
                "_aws": {
                    "Timestamp": int(time.time() * 1000),
                    "CloudWatchMetrics": [
                        {
                            "Namespace": metrics_namespace(),
                            "Dimensions": [[], sorted(dimensions)] if dimensions else [[]],
                            "Metrics": [{"Name": metric, "Unit": metric_unit}],
                        }
                    ],
                },
                metric: value,
                **dimensions,
            }
        )
    )
