"""Who may send by another way than HTTP, where no middleware stands at the door."""

import hmac
from typing import Any

from starlette.datastructures import State

from collector.credentials import key_in
from collector.errors import CollectorServiceError
from collector.refusals import Refusal


class NotAdmitted(CollectorServiceError):
    """The request carries no key that may do this."""

    def __init__(self, status: int, message: str, *, retry_after_s: float = 1) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after_s = retry_after_s


def project_of_key(state: State, authorization: str, *, peer: str) -> str:
    """Return the project of the key that a request carries, empty if it may all.

    Args:
        state: the application's; its ``doorkeeper`` judges if there is one.
        authorization: ``Bearer KEY``, or ``Basic`` with the key as the password.
        peer: the sender's address.

    Raises:
        NotAdmitted: it carries none that may write.
    """
    doorkeeper = getattr(state, "doorkeeper", None)
    if doorkeeper is not None:
        return _judged(doorkeeper, authorization, peer)
    api_key: str = state.settings.api_key
    sent = key_in(authorization)
    if api_key and not hmac.compare_digest(sent.encode(), api_key.encode()):
        raise NotAdmitted(
            401,
            "the request carries no valid key; "
            "send the metadata 'authorization: Bearer KEY'",
        )
    return ""


def _judged(doorkeeper: Any, authorization: str, peer: str) -> str:
    try:
        access = doorkeeper.admit(authorization or None, peer=peer)
    except Refusal as denied:
        raise NotAdmitted(
            denied.status,
            "; ".join(filter(None, (str(denied), denied.hint))),
            retry_after_s=getattr(denied, "retry_after_s", None) or 1,
        ) from None
    if "ingest" not in access.scopes:
        raise NotAdmitted(403, "the key has no scope 'ingest'; use one that has")
    return access.project or ""
