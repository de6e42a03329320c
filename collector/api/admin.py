"""Routes of those who run the store: deletes, retention. Their keys need `admin`."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from starlette.routing import BaseRoute, Route

from collector.api.call import (
    Answer,
    Call,
    endpoint,
    json_answer,
    json_body,
    text_in,
)
from collector.api.parameters import (
    flag_of,
    name_in_path,
    project_in_path,
    project_to_change,
    projects_of,
    trace_id_in_path,
)
from collector.api.refusals import Refusal, not_found
from collector.audit import audit
from collector.config import MOST_DAYS, Settings
from collector.storage.deleting import on_demand
from collector.storage.deleting.by_age import Ages
from collector.storage.deleting.on_demand import Doomed
from collector.storage.documents import policies
from collector.storage.keys import read_keys


def delete_trace(call: Call) -> Answer:
    """Delete a trace, or count it."""
    trace_ids, project = [trace_id_in_path(call)], project_to_change(call)
    kept = _dataset_rows_kept(call, trace_ids, project)
    doomed = on_demand.of_traces(
        trace_ids, project, with_datasets=flag_of(call, "datasets")
    )
    what = ("trace", trace_ids[0])
    return _carry_out(call, [doomed], what=what, n_dataset_rows_kept=kept)


def delete_user(call: Call) -> Answer:
    """Delete the traces in which a user appears, or count them."""
    user_id, project = name_in_path(call, "user_id"), project_to_change(call)
    with call.store.handle("read") as client:
        trace_ids = on_demand.traces_of_user(client, user_id, project)
    doomed = [
        on_demand.records_of_user(user_id, project),
        *on_demand.in_pieces(
            trace_ids, project, with_datasets=flag_of(call, "datasets")
        ),
    ]
    facts = {
        "n_traces": len(trace_ids),
        "n_dataset_rows_kept": _dataset_rows_kept(call, trace_ids, project),
    }
    return _carry_out(call, doomed, what=("user", user_id), **facts)


def _dataset_rows_kept(call: Call, trace_ids: list[str], project: str) -> int:
    """Return how many rows of datasets were made of traces and outlive them."""
    if flag_of(call, "datasets"):
        return 0
    return on_demand.count_made_of(call.store, trace_ids, project)


def delete_project(call: Call) -> Answer:
    """Delete everything of a project, or count it."""
    project = project_in_path(call)
    doomed = [on_demand.of_project(project)]
    keys = {"active_keys": _active_keys(call, project)}
    return _carry_out(call, doomed, what=("project", project), **keys)


def _active_keys(call: Call, project: str) -> list[str]:
    """Return the ids of a project's own keys that still open doors."""
    now = datetime.now(UTC)
    own = [key for key in read_keys(call.store) if key.project == project]
    return [key.id for key in own if key.shown(now)["state"] == "active"]


def _carry_out(
    call: Call, doomed: list[Doomed], *, what: tuple[str, str], **facts: Any
) -> Answer:
    """Delete, or only count, and answer how many rows of each table.

    Raises:
        Refusal: 404 if there is nothing.
    """
    dry_run = flag_of(call, "dry_run")
    work = on_demand.count if dry_run else on_demand.delete
    counts: Counter[str] = Counter()
    for rows in doomed:
        counts.update(work(call.store, rows))
    if not counts.total():
        raise not_found(*what, hint="it may be deleted already, or lie elsewhere")
    return json_answer({"deleted": not dry_run, "rows": dict(counts)} | facts)


def retention(call: Call) -> Answer:
    """Answer how long rows are kept."""
    settings: Settings = call.state.settings
    everywhere = {
        "days": settings.retention_days,
        "evaluation_days": settings.retention_evaluation_days,
        "disk_budget_bytes": settings.disk_budget,
    }
    own = policies.list_policies(call.reader, projects_of(call))
    return json_answer({"everywhere": everywhere, "rows": own, "next": None})


def save_retention(call: Call) -> Answer:
    """Give a project ages of its own and answer them."""
    body = json_body(call)
    if unknown := body.keys() - {"days", "evaluation_days", "author"}:
        raise Refusal(
            422,
            "bad_body",
            f"retention has no {', '.join(sorted(unknown))}",
            hint="give days, and evaluation_days if those of evaluations end too",
        )
    ages = Ages(_days(body, "days", None), _days(body, "evaluation_days", 0))
    author = text_in(body, "author")
    project = project_in_path(call)
    saved = policies.save_policy(call.store, call.reader, project, ages, author=author)
    kept = {"days": ages.production, "evaluation_days": ages.evaluations}
    audit("retention_set", project=project, **kept, by=call.access.key_id or None)
    return json_answer(saved)


def clear_retention(call: Call) -> Answer:
    """Have a project follow the whole store's ages again."""
    project = project_in_path(call)
    if not policies.list_policies(call.reader, (project,)):
        raise not_found("retention of project", project, hint="GET /retention")
    policies.clear_policy(call.store, call.reader, project)
    audit("retention_cleared", project=project, by=call.access.key_id or None)
    return json_answer({"deleted": True})


def _days(body: dict[str, object], key: str, default: int | None) -> int:
    days = body.get(key, default)
    if type(days) is not int or not 0 <= days <= MOST_DAYS:
        raise Refusal(
            422,
            "bad_body",
            f"{key} {days!r} is no number of days",
            hint=f"give days as a whole number to {MOST_DAYS}; 0 keeps for ever",
        )
    return days


ROUTES: list[BaseRoute] = [
    Route("/traces/{trace_id}", endpoint(delete_trace), methods=["DELETE"]),
    Route("/users/{user_id:path}", endpoint(delete_user), methods=["DELETE"]),
    Route("/projects/{project:path}", endpoint(delete_project), methods=["DELETE"]),
    Route("/retention", endpoint(retention)),
    Route("/retention/{project:path}", endpoint(save_retention), methods=["PUT"]),
    Route("/retention/{project:path}", endpoint(clear_retention), methods=["DELETE"]),
]
"""All of them are for administrators."""
