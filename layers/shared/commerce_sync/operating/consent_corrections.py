"""``correct``: two people void what a system wrote by mistake (R10), in two calls, and never a person's own act.

The first call looks the records up and writes down a proposal; the ledger is as it was. The second, by somebody else,
appends one correction to each address. Both stop when their time is short and say so; called again they go on. A
correction's record has an id of its address and the proposal, so what was appended before a crash is found, not written
twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commerce_sync.contracts.consent import ALL, ConsentRecord
from commerce_sync.contracts.consent_book import Decide
from commerce_sync.operating.arguments import Arguments, flag, moment, texts, words
from commerce_sync.operating.consent_needs import Document, Documents, Ledger, MayGoOn
from commerce_sync.operating.consent_selecting import Records, Selecting, part_name, prefix_of

SOURCE = "operations"
MOST_NAMED = 1000
DOCUMENTS = "correction#"
WAYS = (
    'give {"voids": [record ids]} or {"source", "since", "until"} to propose a correction, '
    '{"correction": id} to look at one or to go on, {"correction": id, "approve": true, "by"} to carry it out'
)


@dataclass(frozen=True)
class CorrectionCommands:
    """The command, over what it needs. ``approvals`` different people are wanted.

    ``may_be_voided`` says of a record whether a correction may void it; ``record_id`` hashes its parts.
    """

    ledger: Ledger
    records: Records
    documents: Documents
    may_be_voided: Callable[[ConsentRecord], bool]
    decide: Callable[[], Decide]
    record_id: Callable[..., str]
    approvals: int
    now: Callable[[], datetime]
    new_id: Callable[[], str]

    def correct(self, arguments: Arguments, may_go_on: MayGoOn) -> dict[str, Any]:
        """Propose, look at, approve or go on with a correction; without arguments list them all."""
        if "correction" in arguments:
            return self._known(arguments, may_go_on)
        if not arguments:
            found = self.documents.named(DOCUMENTS)
            return {"corrections": [told(one) for _, one in found if "state" in one]}
        if ("voids" in arguments) == ("source" in arguments):
            raise ValueError(WAYS)
        return self._collect(self._proposed(arguments), may_go_on)

    def _proposed(self, arguments: Arguments) -> Document:
        now = self.now()
        if "voids" in arguments:
            selection: dict[str, Any] = {"voids": sorted(set(texts(arguments, "voids", most=MOST_NAMED)))}
        else:
            since, until = moment(arguments, "since"), moment(arguments, "until")
            if not since < until <= now:
                raise ValueError("since lies before until, and until not in the future")
            selection = {"source": words(arguments, "source"), "since": since.isoformat(), "until": until.isoformat()}
        correction = self.new_id()
        by = words(arguments, "by")
        return {
            "correction": correction,
            "state": "collecting",
            "selection": selection,
            "by": by,
            "why": words(arguments, "why"),
            "proposed_at": now.isoformat(),
            "approved_by": [by],
            **Selecting.nothing_yet(),
            "corrected": 0,
            "erased": 0,
        }

    def _known(self, arguments: Arguments, may_go_on: MayGoOn) -> dict[str, Any]:
        document, _ = self.documents.read(prefix_of(str(arguments["correction"])))
        if not document:
            raise ValueError("there is no such correction: correct without arguments lists them")
        if document["state"] == "collecting":
            return self._collect(document, may_go_on)
        if not flag(arguments, "approve") or document["state"] in {"done", "refused"}:
            return told(document)
        if document["state"] == "proposed":
            document = self._approved(document, words(arguments, "by"))
        return self._apply(document, may_go_on) if document["state"] == "applying" else told(document)

    def _collect(self, document: Document, may_go_on: MayGoOn) -> dict[str, Any]:
        selecting = Selecting(dict(document), self.records, self.may_be_voided, self.documents)
        return told(self._save(selecting.go_on(may_go_on)))

    def _approved(self, document: Document, by: str) -> Document:
        """With one more approval; to be carried out as soon as there are enough."""
        if by.casefold() in {str(one).casefold() for one in document["approved_by"]}:
            raise ValueError("a correction is approved by different people, and that person said so already")
        people = [*document["approved_by"], by]
        changes: dict[str, Any] = {"approved_by": people}
        if len(people) >= self.approvals:
            changes |= {"state": "applying", "approved_at": self.now().isoformat(), "part": 0, "place": 0}
        return self._save({**document, **changes})

    def _apply(self, document: Document, may_go_on: MayGoOn) -> dict[str, Any]:
        left = dict(document)
        while left["part"] < left["parts"]:
            name = part_name(left["correction"], left["part"])
            part, _ = self.documents.read(name)
            for address_key, voids in part.get("voids", [])[left["place"] :]:
                if not may_go_on():
                    return told(self._save(left))
                left["corrected" if self._append(left, address_key, voids) else "erased"] += 1
                left["place"] += 1
            left |= {"part": left["part"] + 1, "place": 0}
            left = dict(self._save(left))
            self.documents.change(name, lambda _: {"carried_out": True})
        return told(self._save({**left, "state": "done"}))

    def _append(self, document: Mapping[str, Any], address_key: str, voids: list[str]) -> bool:
        """One address's correction; False where it was erased: an opt-out stands there for good."""
        address = self.ledger.address_of(address_key)
        if address is None:
            return False
        at = datetime.fromisoformat(document["approved_at"])
        record = ConsentRecord(
            record_id=self.record_id("main", SOURCE, "correction", document["correction"], address_key),
            address_key=address_key,
            channel=address[0],
            purpose=ALL,
            sender=ALL,
            action="correction",
            strength="info",
            occurred_at=at,
            received_at=at,
            source=SOURCE,
            actor="staff",
            method="staff",
            source_event_id=document["correction"],
            evidence={"voids": voids, "approved_by": document["approved_by"], "why": document["why"]},
        )
        self.ledger.append(address, record, self.decide())
        return True

    def _save(self, document: Document) -> Document:
        return self.documents.change(prefix_of(document["correction"]), lambda _: document)


def told(document: Document) -> dict[str, Any]:
    """A correction as an operator may see it: counts, and no address."""
    selection = document["selection"]
    named = {"voids": len(selection["voids"])} if "voids" in selection else selection
    kept = ("correction", "state", "by", "why", "proposed_at", "approved_by", "approved_at", "reason")
    figures = ("would_void", "addresses", "left_alone", "corrected", "erased")
    return {
        **{name: document[name] for name in kept if name in document},
        "selection": named,
        **{name: document[name] for name in figures},
        "left": document["addresses"] - document["corrected"] - document["erased"],
        "next": NEXT[document["state"]],
    }


NEXT = {
    "collecting": 'time was short: {"correction": id} goes on looking the records up',
    "proposed": 'nothing is corrected yet: somebody else says {"correction": id, "approve": true, "by"}',
    "applying": 'time was short: {"correction": id, "approve": true, "by"} goes on with what is left',
    "done": "nothing",
    "refused": "nothing: propose another one",
}
