"""What the commands of administrators ask of a running collector."""

import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import click
import orjson
import urllib3

TIMEOUT_S = 630.0
"""A delete is answered when it is done."""

ASK_EVERY_S = 0.3

ELSEWHERE_S = 60.0
"""So long a chore may be unknown to whoever answers: a balancer asks one of several."""


class Unknown(click.ClickException):
    """The collector that answers has no such thing."""


class Collector:
    """A running collector's API."""

    def __init__(self, url: str, api_key: str | None) -> None:
        self._url = url.rstrip("/")
        self._headers = {"content-type": "application/json"}
        if api_key:
            # any letters: headers travel as Latin-1, and collectors read them as UTF-8
            key = api_key.strip().encode().decode("latin-1")
            self._headers["authorization"] = f"Bearer {key}"
        self._http = urllib3.PoolManager(timeout=TIMEOUT_S, retries=False)

    def ask(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Any:
        """Return what the collector answers.

        Raises:
            ClickException: it does not answer, or refuses; the message says why.
            Unknown: it has nothing of that name.
        """
        given = urlencode({k: v for k, v in (query or {}).items() if v})
        try:
            answer = self._http.request(
                method,
                f"{self._url}/api/v1{path}" + (f"?{given}" if given else ""),
                body=orjson.dumps(body) if body is not None else None,
                headers=self._headers,
            )
        except urllib3.exceptions.HTTPError:
            raise click.ClickException(
                f"no collector answers at {self._url}; start one with 'tracer up', or "
                "name another with --collector"
            ) from None
        found = _object_in(answer.data)
        if answer.status == 200 and found:
            return found
        error = found.get("error")
        if not isinstance(error, dict):
            told = f"{self._url} answers {answer.status}: is it a collector?"
            raise click.ClickException(told)
        said = filter(None, (error.get("message"), error.get("hint")))
        refusal = Unknown if answer.status == 404 else click.ClickException
        raise refusal(f"the collector says: {'; '.join(said)}")

    def work_off(
        self, path: str, report: Callable[[int, int, str], None], **query: str
    ) -> Any:
        """Start a chore and wait for its end; return its result.

        Raises:
            ClickException: it failed, or nobody who answers knows of it any more.
        """
        chore = self.ask("POST", path, query=query)
        heard_s = time.monotonic()
        while chore["state"] == "running":
            time.sleep(ASK_EVERY_S)
            try:
                chore = self.ask("GET", f"/chores/{chore['id']}")
            except Unknown:
                if time.monotonic() - heard_s < ELSEWHERE_S:
                    continue
                raise click.ClickException(self._lost(chore)) from None
            heard_s = time.monotonic()
            report(chore["done"], chore["total"], chore["what"])
        if chore["state"] == "failed":
            raise click.ClickException(f"{chore['kind']} failed: {chore['error']}")
        return chore["result"]

    def _lost(self, chore: Mapping[str, Any]) -> str:
        """Say where a chore is that the collectors at this address do not know."""
        return (
            f"{self._url} began chore {chore['id']} ({chore['kind']}), and none "
            "that answers there knows it: it goes on in another one behind this "
            "address, unless that one ended. Ask each by its own address: --collector "
            f"in this command, GET /api/v1/chores/{chore['id']} for this chore; its "
            "log says when it is done"
        )


def _object_in(body: bytes) -> dict[str, Any]:
    """Return the JSON object of an answer, an empty one for anything else."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
