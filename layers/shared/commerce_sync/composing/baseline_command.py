"""``baseline``, with all that it needs: it starts runs and shows them; consent_baseline does the reading."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from commerce_sync.aws.baseline_spool import BaselineSpool, folder_of
from commerce_sync.aws.control import Control
from commerce_sync.aws.queues import send_all
from commerce_sync.composing.connections import Connections, systems_of
from commerce_sync.composing.consent_places import now
from commerce_sync.consent.baseline.progress import begun, lacks
from commerce_sync.contracts.baseline import BaselineStep
from commerce_sync.operating.baseline import Baseline


class BaselineCommandSettings(Connections, Protocol):
    """Where a run's progress, its steps and its report are."""

    @property
    def control_table(self) -> str: ...  # noqa: D102
    @property
    def archive_bucket(self) -> str: ...  # noqa: D102
    @property
    def baseline_queue_url(self) -> str: ...  # noqa: D102


def baseline_command(settings: BaselineCommandSettings, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """``baseline``."""

    def send(run_id: str, started_at: datetime, system: str) -> None:
        step = BaselineStep(schema_version=BaselineStep.VERSION, run_id=run_id, started_at=started_at, system=system)
        send_all(settings.baseline_queue_url, [step.to_json()])

    return Baseline(
        documents=Control(settings.control_table),
        report=BaselineSpool(settings.archive_bucket),
        systems=lambda: systems_of(settings),
        begun=begun,
        lacks=lacks,
        send=send,
        where=folder_of,
        now=now,
    )(arguments)
