"""Thirty ways to get the rules wrong: one text of one module for another, each a mistake that somebody could make."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from types import ModuleType

from commerce_sync.contracts.consent import ConsentState

MODULES = ("times", "voiding", "acts", "folding")
"""In the order in which they import each other."""
PACKAGE = "commerce_sync.consent"
Fold = Callable[..., ConsentState]
_numbers = count()


@dataclass(frozen=True)
class Mutant:
    """A text of a module, which stands there once, and what stands there instead."""

    name: str
    module: str
    text: str
    instead: str


@contextmanager
def living(mutant: Mutant) -> Iterator[Fold]:
    """The fold as it would be with this mistake in it."""
    prefix = f"mutant_{next(_numbers)}"
    made = [f"{prefix}_{module}" for module in MODULES]
    try:
        for module in MODULES:
            text = source_of(module)
            if module == mutant.module:
                assert text.count(mutant.text) == 1, f"{mutant.name}: stands {text.count(mutant.text)} times"
                text = text.replace(mutant.text, mutant.instead)
            for other in MODULES:
                text = text.replace(f"from {PACKAGE}.{other} import", f"from {prefix}_{other} import")
            name = f"{prefix}_{module}"
            sys.modules[name] = ModuleType(name)
            exec(compile(text, name, "exec"), sys.modules[name].__dict__)  # noqa: S102 # our own source, changed here
        yield sys.modules[made[-1]].fold
    finally:
        for name in made:
            sys.modules.pop(name, None)


def source_of(module: str) -> str:
    """A module's own text."""
    spec = find_spec(f"{PACKAGE}.{module}")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).read_text()


MUTANTS = (
    Mutant(
        "an opt-out without a time takes the earliest time",
        "times",
        "        return Moment(record.received_at, None)\n    return Moment(at, record.source)",
        "        return Moment(at or record.received_at.replace(year=1), None)\n    return Moment(at, record.source)",
    ),
    Mutant("a tie on one clock is later", "times", "self.at > other.at if", "self.at >= other.at if"),
    Mutant("a tie across clocks is later", "times", "other.at > rules.skew", "other.at >= rules.skew"),
    Mutant("no skew across clocks", "times", "self.at - other.at > rules.skew", "self.at > other.at"),
    Mutant("the skew on one clock too", "times", "self.at > other.at if same_clock else ", ""),
    Mutant("our receipts are one clock", "times", "self.clock is not None and ", ""),
    Mutant("all clocks are one", "times", "self.clock == other.clock", "other.clock is not None"),
    Mutant("earlier is later", "times", "self.at > other.at if", "self.at < other.at if"),
    Mutant("a time that is not trusted is believed", "times", 'record.occurred_trust == "untrusted" or at', "at"),
    Mutant("a time of tomorrow is believed", "times", " or at - record.received_at > rules.future_tolerance", ""),
    Mutant(
        "no tolerance of clocks",
        "times",
        "at - record.received_at > rules.future_tolerance:",
        "at > record.received_at:",
    ),
    Mutant(
        "a receipt has the source's clock",
        "times",
        "Moment(record.received_at, None)",
        "Moment(record.received_at, record.source)",
    ),
    Mutant("a source's time has no clock", "times", "Moment(at, record.source)", "Moment(at, None)"),
    Mutant(
        "an opt-in without a time counts when it was received",
        "times",
        'if record.occurred_at is None or record.occurred_trust == "untrusted":\n        return None\n    ',
        "",
    ),
    Mutant(
        "an opt-in that is not trusted counts",
        "times",
        'if record.occurred_at is None or record.occurred_trust == "untrusted":\n        return None',
        "if record.occurred_at is None:\n        return None",
    ),
    Mutant(
        "a hard opt-out yields to any opt-in",
        "folding",
        "_is_strong_enough(grant, out) and grant.moment",
        "grant.moment",
    ),
    Mutant("a preference yields to a confirmation only", "folding", ' or out.kind == "pref"\n', "\n"),
    Mutant("a hard opt-out is a preference", "acts", '"hard" if strength == "hard_out" else "pref"', '"pref"'),
    Mutant("a preference is a hard opt-out", "acts", '"hard" if strength == "hard_out" else "pref"', '"hard"'),
    Mutant(
        "one opt-in clears all",
        "folding",
        "if not any(clears(grant, one, self.rules) for grant in grants)]",
        "if not any(clears(grant, other, self.rules) for grant in grants for other in self.outs)]",
    ),
    Mutant("every opt-in must clear", "folding", "if not any(clears(grant, one", "if not all(clears(grant, one"),
    Mutant(
        "one cleared opt-out is enough",
        "folding",
        "if standing := self._standing(grants):",
        "if len(standing := self._standing(grants)) == len(outs) > 0:",
    ),
    Mutant("an import is strong", "acts", ' or record.strength == "weak_in"', ""),
    Mutant(
        "an import is verified",
        "acts",
        'Act(record, "weak", moment_of_end(record, rules))',
        'Act(record, "verified", moment_of_end(record, rules))',
    ),
    Mutant(
        "a ticked box is verified", "acts", '"verified" if record.strength == "verified_in" else "strong"', '"verified"'
    ),
    Mutant(
        "a confirmation is a ticked box",
        "acts",
        '"verified" if record.strength == "verified_in" else "strong"',
        '"strong"',
    ),
    Mutant("an import is permission", "folding", '"weak", "weak_evidence_only"', '"in", "weak_evidence_only"'),
    Mutant("an import is nothing", "folding", 'if one.kind == "weak"]', "if False]"),
    Mutant(
        "no information is an opt-out", "acts", 'if action == "withdraw" or', 'if action in {"withdraw", "info"} or'
    ),
    Mutant("no information is weak", "acts", 'else "nothing", moment', 'else "weak", moment'),
    Mutant("every brand's records count", "acts", "if record.sender in {sender, ALL}:", "if record:"),
    Mutant(
        "what is for all brands counts for none", "acts", "record.sender in {sender, ALL}", "record.sender == sender"
    ),
    Mutant("STOP by phone is for one brand", "acts", "(is_stop and rules.stop_covers_all_senders) or ", ""),
    Mutant("STOP by email is for all brands", "acts", 'record.channel == "sms" and record.action', "record.action"),
    Mutant("a preference by phone is for all brands", "acts", ' and record.strength == "hard_out"\n', "\n"),
    Mutant(
        "an opt-in by phone is for all brands",
        "acts",
        'and record.action == "withdraw" and record.strength == "hard_out"',
        "",
    ),
    Mutant("a hold is nothing", "acts", 'if action == "hold" or', "if"),
    Mutant(
        "a hold is an opt-out", "acts", 'return Act(record, "hold", moment)\n', 'return Act(record, "pref", moment)\n'
    ),
    Mutant(
        "a hold beats an opt-out",
        "folding",
        "if standing := self._standing(grants):",
        "if (standing := self._standing(grants)) and not self._open_holds():",
    ),
    Mutant(
        "an opt-in ends a hold",
        "folding",
        "if holds := self._open_holds():",
        "if (holds := self._open_holds()) and not grants:",
    ),
    Mutant("any review ends any hold", "folding", "if decides else", "if not decides else"),
    Mutant("a machine reviews", "acts", ' and record.actor != "system"', ""),
    Mutant("a review cannot say OUT", "acts", ' or (action == "review" and strength in OPT_OUTS)', ""),
    Mutant(
        "nothing is confirmed first",
        "folding",
        'one.kind == "verified" or not needs_confirmation(one.record, self.rules)',
        "True",
    ),
    Mutant(
        "an overridden confirmation confirms",
        "folding",
        "if confirmed and not self._standing(confirmed):",
        "if confirmed:",
    ),
    Mutant("one channel's confirmations are the other's", "acts", "rule.channel == record.channel\n        and ", ""),
    Mutant("a correction needs one person", "voiding", ">= rules.approvals", ">= 1"),
    Mutant("a correction voids a person's own act", "voiding", 'record.actor == "system" and ', ""),
    Mutant("a correction voids nothing", "voiding", "if record.record_id in named}", "if False}"),
    Mutant("an echo outlives its original", "voiding", "        voided |= more", "        break"),
    Mutant("an echo of a person's act goes too", "voiding", "originals <= set(voided)", "originals & set(voided)"),
    Mutant("nothing expires", "acts", "at - act.moment.at > life", "False"),
    Mutant("opt-outs expire", "acts", ' and act.record.action == "grant" else None', " else None"),
    Mutant("an end that nobody knows is no end", "acts", "if ends_somehow or ", "if "),
    Mutant(
        "the last record wins",
        "folding",
        "    _require_one_address(all_records)\n",
        "    all_records = all_records[-1:]\n",
    ),
    Mutant("several addresses are one", "folding", "    _require_one_address(all_records)\n", ""),
)
