"""What the bench of reads asks, and how fast it should be answered."""

import json
from dataclasses import dataclass, field
from typing import Any

import urllib3

LIST_MS, FILTER_MS, TRACE_MS, HOURLY_MS = 15, 100, 15, 50
TEXT_MS, TEXT_WITH_INDEX_MS, LARGE_MS = 600, 100, 1000


@dataclass(frozen=True)
class Question:
    """One request, and its goal."""

    what: str
    """For people."""

    path: str
    """Behind ``/api/v1/``."""

    query: dict[str, str] = field(default_factory=dict)
    """Parameters."""

    goal_ms: float | None = None
    """Median wanted at ten million spans; None for no goal."""

    goal_with_index_ms: float | None = None
    """The same with a text index."""

    is_of_dashboards: bool = True
    """Whether a page of the dashboard asks so."""

    @property
    def is_text(self) -> bool:
        """Whether a text index should help."""
        return self.goal_with_index_ms is not None


def questions(url: str, note: dict[str, Any]) -> list[Question]:
    """Return everything that is asked of a store that was built so."""
    begin_ns = note["begin_ns"]
    window = {
        "since": str(begin_ns),
        "until": str(begin_ns + note["days"] * 86_400 * 10**9),
    }
    common = window | {"project": "project-1", "limit": "50"}
    http = common | {"project": "project-4"}
    return [
        Question("50 newest traces", "traces", common, LIST_MS),
        Question("50 newest of all projects", "traces", window | {"limit": "50"}),
        Question("50 newest spans", "spans", common, LIST_MS),
        _deep(url, common),
        *_filters(common, http),
        *_texts(common, http),
        *_traces(url, common),
        *_numbers(window),
    ]


def _where(*conditions: tuple[Any, ...]) -> dict[str, str]:
    return {"where": json.dumps(conditions, ensure_ascii=False)}


def _deep(url: str, common: dict[str, str]) -> Question:
    """Return the page behind some ten thousand traces, by its cursor."""
    asked = common | {"limit": "1000"}
    for _ in range(10):
        answer = _traces_page(url, asked)
        if answer["next"] is None:
            break
        asked |= {"cursor": answer["next"]}
    return Question("page behind 10,000 traces", "traces", asked | {"limit": "50"}, 15)


def _filters(common: dict[str, str], http: dict[str, str]) -> list[Question]:
    slow_call = [("span.kind", "=", "llm"), ("span.model", "=", "gpt-4o")]
    slow_call.append(("span.duration_ms", ">", 1080))  # type: ignore[arg-type]
    asked: dict[str, list[tuple[Any, ...]]] = {
        "status = error": [("status", "=", "error")],
        "n_errors > 0": [("n_errors", ">", 0)],
        "model = gpt-4o": [("model", "=", "gpt-4o")],
        "metadata (1 in 4)": [("metadata.department", "=", "회계")],
        "metadata (one trace)": [("metadata.ticket", "=", "500001")],
        "attribute (1 in 2,000)": [("attributes.app.tenant", "=", "tenant-7")],
        "user (1 in 50,000)": [("user_id", "=", "user-11")],
        "session (10 traces)": [("session_id", "=", "session-5000")],
        "session that is not there": [("session_id", "=", "none")],
        "duration, rare": [("duration_ms", ">", 4340)],
        "cost of the whole trace": [("cost_usd", ">", 0.004)],
        "score": [("score.metric_1", ">", 0.99)],
        "one span: kind, model, duration": slow_call,
    }
    found = [
        Question(f"traces, {what}", "traces", common | _where(*where), FILTER_MS)
        for what, where in asked.items()
    ]
    in_http = {"model": "gpt-4o", "user_id": "user-14", "session_id": "session-5000"}
    found += [
        Question(
            f"below an HTTP request, {name}",
            "traces",
            http | _where((name, "=", value)),
            FILTER_MS,
        )
        for name, value in in_http.items()
    ]
    tagged = common | {"project": "project-3"} | _where(("tags", "contains", "한국어"))
    found.append(Question("traces, tag", "traces", tagged, FILTER_MS))
    errors = common | _where(("status", "=", "error"))
    found.append(Question("spans, status = error", "spans", errors, FILTER_MS))
    return found


def _texts(common: dict[str, str], http: dict[str, str]) -> list[Question]:
    words = {"rare": "zebrafish", "Korean, rare": "환불은", "frequent": "shipping"}
    found = [
        Question(
            f"{path}, text, {what}",
            path,
            common | _where(("text", "contains", word)),
            TEXT_MS,
            TEXT_WITH_INDEX_MS,
        )
        for what, word in words.items()
        for path in ("traces", "spans")
    ]
    below = http | _where(("text", "contains", "zebrafish"))
    name = "text below an HTTP request"
    found.append(Question(name, "traces", below, TEXT_MS, TEXT_WITH_INDEX_MS))
    return found


def _traces(url: str, common: dict[str, str]) -> list[Question]:
    def newest(**asked: str) -> str:
        fields = common | asked | {"limit": "1"}
        answer = _traces_page(url, fields)
        return str(answer["rows"][0]["trace_id"])

    large = newest(project="project-0", **_where(("n_spans", ">", 1000)))
    return [
        Question("open a trace", f"traces/{newest()}", {}, TRACE_MS),
        Question(
            "open a trace of 10,000 spans",
            f"traces/{large}",
            goal_ms=LARGE_MS,
            is_of_dashboards=False,
        ),
        Question("the same, its steps alone", f"traces/{large}", {"content": "0"}),
    ]


def _numbers(window: dict[str, str]) -> list[Question]:
    one = window | {"project": "project-1"}
    hourly = {"interval": "hour"}
    return [
        Question("7 days by the hour", "stats", one | hourly, HOURLY_MS),
        Question("the same, all projects", "stats", window | hourly),
        Question(
            "percentiles by model", "stats", one | hourly | {"by": "model"}, HOURLY_MS
        ),
        Question("percentiles of 7 days", "stats", one, HOURLY_MS),
        Question("by user", "stats", one | {"by": "user_id"}),
        Question("score trend by day", "scores/trend", one, HOURLY_MS),
        Question("models to choose from", "values", one | {"field": "model"}),
        Question("sessions", "sessions", one | {"limit": "50"}, FILTER_MS),
        Question("projects", "projects", {}),
    ]


def _traces_page(url: str, fields: dict[str, str]) -> Any:
    address = f"{url}/api/v1/traces"
    answer = urllib3.request("GET", address, fields=fields, timeout=60)
    return answer.json()
