"""Routes of saved views and jobs."""

from typing import Any

from starlette.routing import BaseRoute, Route

from collector.api.call import (
    Answer,
    Call,
    endpoint,
    json_answer,
    json_body,
    rows_answer,
    text_in,
)
from collector.api.parameters import (
    MAX_LIMIT,
    limit_of,
    name_in_path,
    project_in,
    project_to_edit,
    projects_of,
)
from collector.api.refusals import Refusal, bad_parameter, not_found
from collector.chores.asked import check_params
from collector.storage.documents.jobs import (
    DEFAULT_LEASE_S,
    cancel_job,
    lease_job,
    retry_job,
    save_job,
)
from collector.storage.documents.versions import (
    Change,
    Kind,
    Place,
    list_documents,
    read_document,
    write_document,
)
from collector.storage.reads.reader import Row

MAX_LEASE_S = 86_400
VIEW_KEYS = ("name", "page", "params")


def views(call: Call) -> Answer:
    """Answer the saved views, the latest changed first."""
    return rows_answer(list_documents(call.reader, "view", projects_of(call)))


def save_view(call: Call) -> Answer:
    """Store a view and answer it."""
    body = json_body(call)
    return stored(call, "view", body, {key: body.get(key) for key in VIEW_KEYS})


def delete_view(call: Call) -> Answer:
    """Take a view away."""
    return taken_away(call, "view")


def stored(
    call: Call, kind: Kind, body: dict[str, Any], content: dict[str, Any]
) -> Answer:
    """Store the document that the path names, and answer it.

    Args:
        call: the request.
        kind: what the document is.
        body: of the request: project, author, the version that it ``replaces``.
        content: what is stored, as a whole.

    Raises:
        Refusal: 409 where somebody else wrote it since.
    """
    change = Change(content, text_in(body, "author"))
    place = Place(kind, project_in(call, body, required=True), name_in_path(call, "id"))
    replaces = replaced_in(body)
    saved = write_document(
        call.store, call.reader, place, lambda _: change, replaces=replaces
    )
    return json_answer(saved)


def taken_away(call: Call, kind: Kind) -> Answer:
    """Take the document away that the path names.

    Raises:
        Refusal: 404 where there is none.
    """
    project = project_to_edit(call, what=kind)

    def gone(newest: Row | None) -> Change:
        if newest is None:
            hint, what = f"GET /{kind}s lists them", kind.replace("-", " ")
            raise not_found(what, call.path["id"], hint=hint)
        return Change(deleted=True)

    place = Place(kind, project, call.path["id"])
    write_document(call.store, call.reader, place, gone)
    return json_answer({"deleted": True})


def jobs(call: Call) -> Answer:
    """Answer the jobs, the latest changed first; 1,000 at most."""
    state = call.query.get("state") or None
    limit = limit_of(call, default=MAX_LIMIT)
    found = list_documents(
        call.reader, "job", projects_of(call), state=state, limit=limit
    )
    return rows_answer(found)


def job(call: Call) -> Answer:
    """Answer one job."""
    found = read_document(call.reader, "job", projects_of(call), call.path["id"])
    return json_answer(found)


def put_job(call: Call) -> Answer:
    """Store what changed of a job and answer it."""
    body = json_body(call)
    place = Place(
        "job", project_in(call, body, required=True), name_in_path(call, "id")
    )
    replaces = replaced_in(body)
    if isinstance(body.get("kind"), str) and isinstance(body.get("params"), dict):
        check_params(body["kind"], body["params"])
    saved = save_job(call.store, call.reader, place, body, replaces=replaces)
    return json_answer(saved)


def lease(call: Call) -> Answer:
    """Give a job to a worker; ``job`` is null if none waits."""
    body = json_body(call)
    project, kinds = project_in(call, body), body.get("kinds")
    lease_s = body.get("lease_s", DEFAULT_LEASE_S)
    if isinstance(lease_s, bool) or not isinstance(lease_s, int | float):
        raise bad_parameter("lease_s", lease_s, hint="give seconds")
    if not 0 <= lease_s <= MAX_LEASE_S:
        raise bad_parameter("lease_s", lease_s, hint=f"give 0 to {MAX_LEASE_S}")
    if kinds is not None and not _are_texts(kinds):
        raise bad_parameter("kinds", kinds, hint="give a list of kinds")
    found = lease_job(
        call.store,
        call.reader,
        (project,) if project else None,
        worker=text_in(body, "worker", required=True),
        kinds=kinds,
        lease_s=float(lease_s),
    )
    return json_answer({"job": found})


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def cancel(call: Call) -> Answer:
    """Ask for a job to end and answer it."""
    projects = _named_projects(call, _body_of(call))
    return json_answer(cancel_job(call.store, call.reader, projects, call.path["id"]))


def retry(call: Call) -> Answer:
    """Put a job that ended back into the queue and answer it."""
    body = _body_of(call)
    params = body.get("params") or {}
    if not isinstance(params, dict):
        raise bad_parameter("params", params, hint="give an object")
    projects = _named_projects(call, body)
    job = read_document(call.reader, "job", projects, call.path["id"])
    check_params(job["kind"], {**job["params"], **params})
    return json_answer(retry_job(call.store, call.reader, job, params))


def _body_of(call: Call) -> dict[str, Any]:
    return json_body(call) if call.body else {}


def _named_projects(call: Call, body: dict[str, Any]) -> tuple[str, ...] | None:
    named = {"project": text_in(body, "project") or call.query.get("project")}
    project = project_in(call, named)
    return (project,) if project else None


def replaced_in(body: dict[str, Any]) -> int | None:
    """Return the version to be replaced, 0 for none, None for whichever.

    Raises:
        Refusal: 422 if it is no number.
    """
    version = body.get("replaces")
    if version is not None and type(version) is not int:
        raise Refusal(
            422,
            "bad_body",
            f"replaces {version!r} is no version",
            hint="give the version that you read",
        )
    return version


ROUTES: list[BaseRoute] = [
    Route("/views", endpoint(views, is_light=True)),
    Route("/views/{id:path}", endpoint(save_view, is_light=True), methods=["PUT"]),
    Route("/views/{id:path}", endpoint(delete_view, is_light=True), methods=["DELETE"]),
    Route("/jobs", endpoint(jobs, is_light=True)),
    Route("/jobs/lease", endpoint(lease, is_light=True), methods=["POST"]),
    Route("/jobs/{id:path}/cancel", endpoint(cancel, is_light=True), methods=["POST"]),
    Route("/jobs/{id:path}/retry", endpoint(retry, is_light=True), methods=["POST"]),
    Route("/jobs/{id:path}", endpoint(job, is_light=True), methods=["GET"]),
    Route("/jobs/{id:path}", endpoint(put_job, is_light=True), methods=["PUT"]),
]
