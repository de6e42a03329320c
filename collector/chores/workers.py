"""Who works here: workers say that they live, and where they ask models; in memory."""

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Mapping
from typing import Any, Final

from starlette.routing import BaseRoute, Route

from collector.api.call import (
    Answer,
    Call,
    endpoint,
    json_answer,
    json_body,
    rows_answer,
)
from collector.api.parameters import project_in, projects_of
from collector.api.refusals import bad_parameter

MOST_WORKERS: Final = 1000
FORGOTTEN_AFTER_S: Final = 3600
MOST_ABOUT_BYTES: Final = 4096
MOST_NAME_CHARS: Final = 200

Row = dict[str, Any]


class Workers:
    """The workers that were heard of here within the last hour.

    Each collector knows those that spoke to it. A worker speaks every few seconds, so
    behind a balancer of load all of them soon know it. A name is one worker's among
    those of its project, or of those for all projects.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._heard: OrderedDict[tuple[str | None, str], Row] = OrderedDict()

    def hear(self, name: str, project: str | None, about: Mapping[str, Any]) -> Row:
        """Note that a worker lives; return what is known of it."""
        row = {
            "worker": name,
            "project": project,
            "seen_ns": time.time_ns(),
            "about": dict(about),
        }
        with self._guard:
            self._heard.pop((project, name), None)
            self._heard[project, name] = row
            if len(self._heard) > MOST_WORKERS:
                self._forget_one()
        return row

    def _forget_one(self) -> None:
        """Make room where most are: one project's many push out no other's."""
        counts = Counter(project for project, _ in self._heard)
        [(crowded, _)] = counts.most_common(1)
        del self._heard[next(key for key in self._heard if key[0] == crowded)]

    def leave(self, name: str, projects: tuple[str, ...] | None) -> None:
        """Note that a worker ends: one of these projects, or whosever it is."""
        with self._guard:
            for key in [key for key in self._heard if key[1] == name]:
                if not projects or key[0] in projects:
                    del self._heard[key]

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
    if len(call.path["name"]) > MOST_NAME_CHARS:
        hint = f"give {MOST_NAME_CHARS} characters at most"
        raise bad_parameter("name", call.path["name"][:80], hint=hint)
    project = project_in(call, body) or None
    return json_answer(call.state.workers.hear(call.path["name"], project, about))


def delete_worker(call: Call) -> Answer:
    """Note that a worker ends."""
    call.state.workers.leave(call.path["name"], projects_of(call))
    return json_answer({"deleted": True})


ROUTES: list[BaseRoute] = [
    Route("/workers", endpoint(workers, is_light=True)),
    Route("/workers/{name}", endpoint(put_worker, is_light=True), methods=["PUT"]),
    Route(
        "/workers/{name}", endpoint(delete_worker, is_light=True), methods=["DELETE"]
    ),
]
