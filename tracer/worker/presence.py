"""A worker says that it lives, and where it asks models; never with which key."""

import logging
import threading
from collections.abc import Iterable
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

from tracer._build import version
from tracer._openai.patching import client_classes
from tracer.client import Client
from tracer.errors import CollectorError, MissingExtraError

logger = logging.getLogger("tracer")

SAY_EVERY_S: Final = 5.0
"""How often a worker says that it lives."""


class Presence:
    """Says that a worker lives while its block runs, whatever the worker does.

    Args:
        client: The collector that is told.
        name: The worker's name.
        kinds: Jobs that it does.
        has_cache: Whether it keeps replies of judges.
    """

    def __init__(
        self, client: Client, name: str, kinds: Iterable[str], *, has_cache: bool
    ) -> None:
        self._client, self._name = client, name
        self._about = {
            "version": version(),
            "kinds": sorted(kinds),
            "has_cache": has_cache,
            **endpoint_of_models(),
        }
        self._ended = threading.Event()
        self._thread = threading.Thread(
            target=self._say, name="tracer-presence", daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join(SAY_EVERY_S)
        with suppress(CollectorError):
            self._client.forget_worker(self._name)

    def _say(self) -> None:
        while not self._ended.is_set():
            # the loop of jobs says what is wrong with the collector
            with suppress(CollectorError):
                self._client.report_worker(self._name, self._about)
            self._ended.wait(SAY_EVERY_S)


def endpoint_of_models() -> dict[str, Any]:
    """Return where judges and models are asked, and whether there is a key for it."""
    try:
        sync, _ = client_classes("a worker")
    except MissingExtraError:
        return {"base_url": None, "has_key": False}
    from openai import OpenAIError

    with sync(api_key="none") as shown:
        base_url = without_secrets(str(shown.base_url))
    try:
        sync().close()
    except OpenAIError:
        return {"base_url": base_url, "has_key": False}
    return {"base_url": base_url, "has_key": True}


def without_secrets(url: str) -> str:
    """Return an address without user, password and query."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=host, query="", fragment="").geturl()
