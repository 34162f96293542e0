"""The records behind Recharge's webhooks, as plain values."""

from collections.abc import Mapping
from typing import Final

from commerce_sync.errors import PermanentError, RetriableError
from commerce_sync.vendors.recharge.client import Recharge

PATHS: Final[Mapping[str, str]] = {"customer": "/customers"}


class RechargeRecords:
    """Fits :class:`commerce_sync.intake.Records`."""

    def __init__(self, account: Recharge) -> None:
        self._account = account

    def read(self, kind: str, record_id: str) -> Mapping[str, object] | None:
        """One record, out of its resource's key; None where there is none.

        :raises RetriableError: the answer holds another record or none, so it is not Recharge's.
        """
        if not (record_id.isascii() and record_id.isdecimal()):
            raise PermanentError("recharge: a record's id is a number")
        answer = self._account.read(f"{PATHS[kind]}/{record_id}")
        if answer is None:
            return None
        record = answer.json.get(kind) if isinstance(answer.json, dict) else None
        if not isinstance(record, dict) or str(record.get("id")) != record_id:
            raise RetriableError("recharge answered without the record")
        return record
