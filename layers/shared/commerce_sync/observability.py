"""Logs and metrics without an import worth mentioning: one JSON line each, never personal data or secrets.

The intake must start in milliseconds, so it prints; the embedded metric format turns a line into a metric.
"""

import json
import time
from collections.abc import Callable
from typing import TypeVar

from commerce_sync.errors import CommerceSyncError
from commerce_sync.settings import metrics_namespace

Record = TypeVar("Record")


def log(message: str, **ids: str | int | float) -> None:
    """One line: a constant message plus ids. Callers pass codes and ids only."""
    print(json.dumps({"message": message, **ids}))


def named_failures(handler: Callable[[Record], None], counted: str = "") -> Callable[[Record], None]:
    """The handler, saying why a record failed: the batch processor returns it to its queue and says nothing.

    Our own errors are told in their words, which hold codes and ids; of others only the kind, which may not. Each is
    counted by the metric that is named.
    """

    def failed(**why: str) -> None:
        log("a record failed", **why)
        if counted:
            count(counted)

    def told(record: Record) -> None:
        try:
            handler(record)
        except CommerceSyncError as error:
            failed(error=type(error).__name__, reason=str(error))
            raise
        except Exception as error:
            failed(error=type(error).__name__)
            raise

    return told


def count(metric: str, value: float = 1, *, metric_unit: str = "Count", **dimensions: str) -> None:
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
