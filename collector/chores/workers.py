"""Who works here: workers say that they live, and where they ask models; in memory."""

import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Final

from starlette.routing import BaseRoute, Route

from collector.api_call import (
    Answer,
    Call,
    endpoint,
    json_answer,
    json_body,
    rows_answer,
)
from collector.api_parameters import project_in, projects_of
from collector.refusals import bad_parameter

MOST_WORKERS: Final = 1000
FORGOTTEN_AFTER_S: Final = 3600
MOST_ABOUT_BYTES: Final = 4096

Row = dict[str, Any]


class Workers:
    """The workers that were heard of here within the last hour.

    Each collector knows those that spoke to it. A worker speaks every few seconds, so
    behind a balancer of load all of them soon know it.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._heard: OrderedDict[str, Row] = OrderedDict()

    def hear(self, name: str, project: str | None, about: Mapping[str, Any]) -> Row:
        """Note that a worker lives; return what is known of it."""
        row = {
            "worker": name,
            "project": project,
            "seen_ns": time.time_ns(),
            "about": dict(about),
        }
        with self._guard:
            self._heard.pop(name, None)
            self._heard[name] = row
            while len(self._heard) > MOST_WORKERS:
                self._heard.popitem(last=False)
        return row

    def leave(self, name: str) -> None:
        """Note that a worker ends."""
        with self._guard:
            self._heard.pop(name, None)

    def rows(self, projects: tuple[str, ...] | None) -> list[Row]:
        """Return them, the latest heard first: of these projects, or for all."""
        oldest_ns = time.time_ns() - FORGOTTEN_AFTER_S * 10**9
        with self._guard:
            heard = [dict(row) for row in reversed(self._heard.values())]
        return [
            row
            for row in heard
            if row["seen_ns"] >= oldest_ns
            and (not projects or row["project"] in (None, *projects))
        ]


def workers(call: Call) -> Answer:
    """Answer the workers heard of in the last hour, the latest first."""
    return rows_answer(call.state.workers.rows(projects_of(call)))


def put_worker(call: Call) -> Answer:
    """Note that a worker lives, and what it says of itself; answer it."""
    body = json_body(call)
    about = body.get("about", {})
    if not isinstance(about, dict) or len(call.body) > MOST_ABOUT_BYTES:
        hint = f"give an object, {MOST_ABOUT_BYTES} bytes of body at most"
        raise bad_parameter("about", str(about)[:80], hint=hint)
    project = project_in(call, body) or None
    return json_answer(call.state.workers.hear(call.path["name"], project, about))


def delete_worker(call: Call) -> Answer:
    """Note that a worker ends."""
    projects_of(call)
    call.state.workers.leave(call.path["name"])
    return json_answer({"deleted": True})


ROUTES: list[BaseRoute] = [
    Route("/workers", endpoint(workers, is_light=True)),
    Route("/workers/{name}", endpoint(put_worker, is_light=True), methods=["PUT"]),
    Route(
        "/workers/{name}", endpoint(delete_worker, is_light=True), methods=["DELETE"]
    ),
]
