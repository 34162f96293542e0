"""``baseline``: starts a run once, shows how far it is, and what it found."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from commerce_sync.consent.baseline import progress
from commerce_sync.operating.baseline import KINDS, Baseline

NOW = datetime(2026, 11, 28, 10, 0, 0, 5, tzinfo=UTC)
RUN = "20261128T100000Z"


@dataclass
class Places:
    """A control table, a report and a queue."""

    documents: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    sent: list[tuple[str, str]] = field(default_factory=list)
    asked: list[tuple[str, str, int]] = field(default_factory=list)
    systems: Sequence[str] = ("hubspot", "klaviyo")

    def read(self, name: str) -> tuple[Mapping[str, Any], int]:
        """A document."""
        return self.documents.get(name, {}), 0

    def change(self, name: str, changed: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Mapping[str, Any]:
        """Change it."""
        self.documents[name] = changed(self.documents.get(name, {}))
        return self.documents[name]

    def rows(self, run_id: str, kind: str, most: int) -> Sequence[Mapping[str, Any]]:
        """One row of each list."""
        self.asked.append((run_id, kind, most))
        return [{"address": "1#key", "record": "501"}][:most]

    def command(self, now: datetime = NOW) -> Baseline:
        """The command over these."""
        return Baseline(
            documents=self,
            report=self,
            systems=lambda: self.systems,
            begun=progress.begun,
            lacks=progress.lacks,
            send=lambda run_id, _started, system: self.sent.append((run_id, system)),
            where=lambda run_id: f"audits/baseline/{run_id}/",
            now=lambda: now,
        )


def test_nothing_was_started_yet() -> None:
    """And so nobody is subscribed."""
    assert Places().command()({}) == {
        "state": "never started",
        "completed_at": None,
        "opt_ins_wait": True,
        "because": "it was never begun: operations baseline",
    }


def test_a_start_sends_a_step_for_each_system() -> None:
    """Once: a run that is going on is not started over."""
    places = Places()
    assert places.command()({"start": True}) == {
        "run_id": RUN,
        "systems": ["hubspot", "klaviyo"],
        "opt_ins_wait": True,
        "because": f"the run {RUN} is still reading: operations baseline says how far it is",
    }
    assert places.sent == [(RUN, "hubspot"), (RUN, "klaviyo")]
    with pytest.raises(ValueError, match="is not finished"):
        places.command(NOW.replace(minute=1))({"start": True})
    again = places.command(NOW.replace(minute=1))({"start": True, "restart": True})
    assert again["run_id"] == "20261128T100100Z"


def test_the_progress_and_the_report_are_shown() -> None:
    """First rows in the answer, and where the whole lies."""
    places = Places()
    places.command()({"start": True})
    shown = places.command()({})
    assert (shown["state"], shown["report"]) == ("reading", None)
    assert shown["systems"]["klaviyo"] == {"state": "reading", "read": 0, "recorded": 0}
    done = progress.reported(places.documents["baseline"], RUN, {"conflicts": 3})
    places.documents["baseline"] = {**done, "completed_at": NOW.isoformat(), "covered": ["hubspot", "klaviyo"]}
    shown = places.command()({"rows": 1})
    assert (shown["state"], shown["opt_ins_wait"], shown["report"]["conflicts"]) == ("done", False, 3)
    assert "because" not in shown
    assert shown["report"]["whole"] == f"audits/baseline/{RUN}/"
    assert set(shown["report"]["lists"]) == set(KINDS)
    assert places.asked == [(RUN, kind, 1) for kind in KINDS]
    assert places.command()({"rows": 0})["report"]["lists"] == {}


def test_a_store_that_was_connected_since_makes_opt_ins_wait_again() -> None:
    """It is named; a run over all of them ends the wait."""
    known = {"completed_at": NOW.isoformat(), "covered": ["hubspot", "klaviyo"]}
    run = {"run_id": "1", "stage": "done", "started_at": NOW.isoformat(), "systems": {}}
    places = Places({"baseline": {**run, **known}}, systems=("hubspot", "klaviyo", "shopify:us"))
    shown = places.command()({})
    assert (shown["opt_ins_wait"], shown["because"].partition(":")[0]) == (True, "shopify")
    assert places.command()({"start": True})["opt_ins_wait"] is True
    places.documents["baseline"] = progress.completed(places.documents["baseline"], RUN, NOW, {})
    assert places.command()({})["opt_ins_wait"] is False


@pytest.mark.parametrize("arguments", [{"rows": -1}, {"rows": True}, {"rows": "all"}, {"begin": True}])
def test_what_makes_no_sense_is_refused(arguments: dict[str, Any]) -> None:
    """With the reason."""
    with pytest.raises(ValueError, match=r"rows is|unknown"):
        Places().command()(arguments)


def test_without_a_token_there_is_nothing_to_read() -> None:
    """An empty run would look complete."""
    with pytest.raises(ValueError, match="nothing is connected"):
        Places(systems=()).command()({"start": True})
