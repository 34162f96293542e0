"""Statements as messages: in as few as fit, opt-outs apart from everything else."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from commerce_sync.contracts.consent import ConsentMessage, ConsentStatement, is_opt_out
from commerce_sync.contracts.sizing import LARGEST_MESSAGE


def consent_messages(
    said: Iterable[ConsentStatement], *, envelope_id: str, source: str, store: str, received_at: datetime
) -> tuple[list[ConsentMessage], list[ConsentMessage]]:
    """The messages for the opt-outs queue and those for the opt-ins queue. The same statements make the same ones."""
    said = list(said)
    parts = (filter(is_opt_out, said), (one for one in said if not is_opt_out(one)))
    ahead, rest = (
        [
            ConsentMessage(
                schema_version=ConsentMessage.VERSION,
                envelope_id=envelope_id,
                source=source,
                store=store,
                received_at=received_at,
                statements=batch,
            )
            for batch in _batches(part)
        ]
        for part in parts
    )
    return ahead, rest


def _batches(said: Iterable[ConsentStatement]) -> Iterator[tuple[ConsentStatement, ...]]:
    """In order. One statement always fits: its texts are cut where it is made."""
    batch: list[ConsentStatement] = []
    size = 0
    for statement in said:
        length = len(statement.model_dump_json(exclude_none=True, ensure_ascii=True))
        if batch and size + length > LARGEST_MESSAGE:
            yield tuple(batch)
            batch, size = [], 0
        batch.append(statement)
        size += length
    if batch:
        yield tuple(batch)
