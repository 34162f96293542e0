"""``mode`` and ``stop``: what each destination may be told, what the next mode would write, and who changed it when.

Going up lets rows through that were written down only: opt-outs first of all. Going down holds up what is not told yet.
A stop caps every mode at opt-outs only and leaves the modes as they were chosen, so that its end brings back just them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commerce_sync.operating.arguments import Arguments, flag, one_of, texts, words
from commerce_sync.operating.consent_naming import Naming
from commerce_sync.operating.consent_needs import Documents, Ledger, MayGoOn, Rows
from commerce_sync.operating.consent_outlook import Outlook
from commerce_sync.operating.consent_releasing import OPENING, Gate

STORES = "stores"
HISTORY, MOST_PILOTS = 100, 500


@dataclass(frozen=True)
class ModeCommands:
    """The command. ``missing`` says why the baseline is not complete, None where it is."""

    ledger: Ledger
    rows: Rows
    documents: Documents
    naming: Naming
    gate: Gate
    outlook: Outlook
    missing: Callable[[], str | None]
    document: str
    now: Callable[[], datetime]

    def mode(self, arguments: Arguments, may_go_on: MayGoOn) -> dict[str, Any]:
        """Show modes and what the next one would write; or set one: ``destination``, ``mode``, ``by``, ``why``.

        :raises ValueError: the arguments are wrong, or the mode would subscribe people before the baseline is complete.
        """
        if "destination" not in arguments:
            return self._show(plainly=flag(arguments, "show"))
        name = one_of(arguments, "destination", [*self.gate.names, STORES])
        mode = one_of(arguments, "mode", list(self.outlook.ladder))
        if mode in OPENING and (why := self.missing()):
            raise ValueError(f"{mode} would subscribe people, and the baseline is not complete: {why}")
        before = self.gate.chosen().of(name if name != STORES else f"{STORES}:")
        entry = {"at": self.now().isoformat(), "destination": name, "from": before, "to": mode}
        entry |= {"by": words(arguments, "by"), "why": words(arguments, "why")}
        self._note(entry, self._pilot(arguments, mode))
        theirs = [one for one in self.gate.names if one == name or (name == STORES and ":" in one)]
        told = self.gate.let_through(theirs, may_go_on).told()
        stopped = {"stopped_since": at} if (at := self.gate.stopped().get("stopped_at")) else {}
        return {"destination": name, "before": before, "mode": mode, **told, **stopped}

    def _show(self, *, plainly: bool) -> dict[str, Any]:
        modes, observed = self.gate.chosen(), self.rows.waiting("observed")
        document, _ = self.documents.read(self.document)
        return {
            "stopped_since": self.gate.stopped().get("stopped_at"),
            "baseline": self.missing() or "complete",
            "destinations": self.outlook.of(self.gate.places, modes, observed, plainly=plainly),
            "pilot": len(modes.pilot),
            "history": document.get("history", []),
        }

    def _pilot(self, arguments: Arguments, mode: str) -> Mapping[str, Sequence[str]]:
        """The keys of the named addresses, which all pilots share; nothing where none are named."""
        if "pilot" in arguments:
            addresses = [self.naming.address(text) for text in texts(arguments, "pilot", most=MOST_PILOTS)]
            return {"pilot": sorted({chain.address_key for chain in self.ledger.read(addresses).values()})}
        if mode == "pilot" and not self.gate.chosen().pilot:
            raise ValueError('nobody is named yet: give "pilot", a list of addresses')
        return {}

    def _note(self, entry: Mapping[str, Any], pilot: Mapping[str, Sequence[str]]) -> None:
        counted = {"pilot": len(pilot["pilot"])} if pilot else {}

        def changed(known: Mapping[str, Any]) -> Mapping[str, Any]:
            modes = {**known.get("modes", {}), entry["destination"]: entry["to"]}
            return {**known, **pilot, "modes": modes, "history": _grown(known, {**entry, **counted})}

        self.documents.change(self.document, changed)


@dataclass(frozen=True)
class StopCommands:
    """The command."""

    documents: Documents
    gate: Gate
    now: Callable[[], datetime]

    def stop(self, arguments: Arguments, may_go_on: MayGoOn) -> dict[str, Any]:
        """Halt everything but opt-outs, everywhere, until ``{"resume": true, "by", "why"}``.

        :raises ValueError: nothing is stopped that could be resumed.
        """
        resume = flag(arguments, "resume")
        entry = {"by": words(arguments, "by"), "why": words(arguments, "why")}
        return self._resume(entry, may_go_on) if resume else self._stop(entry)

    def _stop(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        stop = {"stopped_at": self.now().isoformat(), **entry}

        def changed(known: Mapping[str, Any]) -> Mapping[str, Any]:
            return known if known.get("stopped_at") else {**stop, "history": _grown(known, stop)}

        stands = self.documents.change(self.gate.stop_document, changed)
        halted = {name: mode for name, mode in self.gate.modes().items() if mode in OPENING}
        return {"stopped_since": stands["stopped_at"], "by": stands["by"], "halted": halted}

    def _resume(self, entry: Mapping[str, Any], may_go_on: MayGoOn) -> dict[str, Any]:
        end = {"resumed_at": self.now().isoformat(), **entry}

        def changed(known: Mapping[str, Any]) -> Mapping[str, Any]:
            if not known.get("stopped_at"):
                raise ValueError("nothing is stopped")
            return {"history": _grown(known, end)}

        self.documents.change(self.gate.stop_document, changed)
        return {"modes": self.gate.modes(), **self.gate.let_through(self.gate.names, may_go_on).told()}


def _grown(known: Mapping[str, Any], entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*known.get("history", []), entry][-HISTORY:]
