"""Why a delivery was refused: a status and a reason code, never anything from the delivery itself."""


class RefusedError(Exception):
    """The delivery is refused. ``status`` is what the sender gets, ``reason`` a code an operator can search for."""

    metric = "RefusedDeliveries"

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class UnverifiedError(RefusedError):
    """Whatever is wrong with a signature, its headers or its time is one 401: an attacker learns nothing else."""

    def __init__(self, reason: str) -> None:
        super().__init__(401, reason)


class NothingToKeepError(RefusedError):
    """The sender only tries whether somebody listens: it is answered 200, and nothing is kept."""

    metric = "Pings"

    def __init__(self, reason: str) -> None:
        super().__init__(200, reason)
