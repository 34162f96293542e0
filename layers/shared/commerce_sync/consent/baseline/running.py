"""One step of a run, whichever it is, and what comes after it.

A next step is sent before it is noted how far this one is: a crash in between has the step done again, and it finds
everything written. Where two go on with one system, the one behind finds the other ahead, and stops.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from commerce_sync.consent.baseline import progress
from commerce_sync.consent.baseline.auditing import audited
from commerce_sync.consent.baseline.needs import Document, Documents, Found, Page, Spool
from commerce_sync.consent.baseline.reading import Reader
from commerce_sync.consent.baseline.settling import Settling
from commerce_sync.consent.baseline.silent import Silent, silent_parts, system_of
from commerce_sync.consent.baseline.taking import Taken, Taking
from commerce_sync.contracts.baseline import BaselineStep, Stage

BASE: Final = "base"
"""The document that holds how many addresses there are, of which the brake's share is taken."""


@dataclass(frozen=True)
class Running:
    """Does steps. ``page_of`` gives a system's pages, ``send`` sends a step that nobody sees for some seconds.

    ``release`` makes due what waited for the baseline alone; again it finds nothing.
    """

    documents: Documents
    spool: Spool
    page_of: Callable[[str], Page]
    taking: Taking
    settling: Settling
    silent: Silent
    send: Callable[[BaselineStep, int], None]
    release: Callable[[], None]
    now: Callable[[], datetime]

    def __call__(self, step: BaselineStep, has_time: Callable[[], bool]) -> str:
        """Do a step as far as time allows; returns what it was, for the log. A step of another run does nothing."""
        document, _ = self.documents.read(progress.NAME)
        if document.get("run_id") != step.run_id:
            return "superseded"
        if step.stage == "reading":
            return self._read(step, document, has_time)
        if not progress.is_read(document, step.run_id) or document["stage"] == progress.DONE:
            return "nothing to do"
        if step.stage == "settling":
            return self._settle(step, document, has_time)
        return self._report(step, document)

    def _read(self, step: BaselineStep, document: Document, has_time: Callable[[], bool]) -> str:
        if progress.is_read(document, step.run_id):
            if document["stage"] == "reading":
                self._go_to(step, "settling")
            return "read"
        if progress.is_ahead(document, step):
            return "overtaken"
        reader = Reader(self.page_of(step.system), partial(self._take, step), self.spool, has_time)
        read = reader.read_on(step)
        if not read.is_whole:
            self.send(read.step, read.delay)
        after = self.documents.change(
            progress.NAME, lambda known: progress.advanced(known, read.step, is_whole=read.is_whole)
        )
        if read.is_whole and progress.is_read(after, step.run_id):
            self._go_to(step, "settling")
        return "read" if read.is_whole else "reading"

    def _take(self, step: BaselineStep, system: str, found: Sequence[Found]) -> Taken:
        return self.taking(system, found, step.started_at)

    def _settle(self, step: BaselineStep, document: Document, has_time: Callable[[], bool]) -> str:
        if document["stage"] == "reporting":
            self._go_to(step, "reporting")
            return "settled"
        self.documents.change(progress.NAME, lambda known: progress.staged(known, step.run_id, "settling"))
        if step.cursor is None:
            self._find_silent(step, document)
        for position, (name, keys) in enumerate(self.spool.undated(step.run_id, step.cursor)):
            if position and not has_time():
                self.send(step, 0)
                return "settling"
            figures = self._settled(step, name, keys)
            step = step.model_copy(update={"cursor": name, "part": step.part + 1, "figures": figures})
        settled = step.figures
        self.documents.change(progress.NAME, lambda known: progress.completed(known, step.run_id, self.now(), settled))
        self._go_to(step, "reporting")
        return "settled"

    def _find_silent(self, step: BaselineStep, document: Document) -> None:
        for name, keys in silent_parts(sorted(document["systems"]), lambda one: self.spool.seen(step.run_id, one)):
            self.spool.keep_undated(step.run_id, name, keys)

    def _settled(self, step: BaselineStep, name: str, keys: Sequence[str]) -> dict[str, int]:
        """The figures with those of a part: conflicts that are held, or whom an account is to be told of."""
        system = system_of(name)
        figure = f"silent_{system}" if system else "conflicts_held"
        number = sum(
            self.silent(one, system, step.started_at) if system else self.settling(one, step.started_at) for one in keys
        )
        return {**step.figures, figure: step.figures.get(figure, 0) + number}

    def _report(self, step: BaselineStep, document: Document) -> str:
        self.release()
        systems = sorted(document["systems"])
        audit = audited(systems, lambda system: self.spool.seen(step.run_id, system))
        figures = {**audit.figures, **document["settled"], "date": step.started_at.isoformat()}
        for kind, rows in audit.rows.items():
            self.spool.keep_rows(step.run_id, kind, rows)
        self.spool.keep_figures(step.run_id, figures)
        self.documents.change(BASE, lambda _known: {"addresses": audit.figures["addresses"]})
        self.documents.change(progress.NAME, lambda known: progress.reported(known, step.run_id, figures))
        return "reported"

    def _go_to(self, step: BaselineStep, stage: Stage) -> None:
        fresh: dict[str, object] = {"stage": stage, "system": "", "cursor": None, "part": 0, "waits": 0, "figures": {}}
        self.send(step.model_copy(update=fresh), 0)
