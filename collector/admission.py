"""Who may send by another way than HTTP, where no middleware stands at the door."""

import hmac

from starlette.datastructures import State

from collector.credentials import key_in
from collector.errors import CollectorServiceError


class NotAdmitted(CollectorServiceError):
    """The request carries no key that may do this."""

    def __init__(self, status: int, message: str, *, retry_after_s: float = 1) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after_s = retry_after_s


def project_of_key(state: State, authorization: str, *, peer: str) -> str:
    """Return the project of the key that a request carries, empty if it may all.

    Raises:
        NotAdmitted: it carries none that may write.
    """
    api_key: str = state.settings.api_key
    sent = key_in(authorization)
    if api_key and not hmac.compare_digest(sent.encode(), api_key.encode()):
        raise NotAdmitted(
            401,
            "the request carries no valid key; "
            "send the metadata 'authorization: Bearer KEY'",
        )
    return ""
