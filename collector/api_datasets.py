"""Routes of datasets."""

from typing import Any

import orjson
from starlette.routing import BaseRoute, Route

from collector.api_arrow import page_answer
from collector.api_call import (
    Answer,
    Call,
    endpoint,
    json_answer,
    json_body,
    text_in,
)
from collector.api_parameters import project_in, project_to_edit, projects_of
from collector.refusals import Refusal, not_found
from collector.storage.datasets import (
    NewVersion,
    delete_dataset,
    list_datasets,
    list_versions,
    read_dataset,
    save_dataset,
)


def datasets(call: Call) -> Answer:
    """Answer every dataset, the latest changed first."""
    return page_answer(call, list_datasets(call.reader, projects_of(call)))


def dataset(call: Call) -> Answer:
    """Answer one version of a dataset with its rows."""
    version = call.query.get("version") or None
    name = call.path["name"]
    found, rows = read_dataset(call.reader, projects_of(call), name, version=version)
    if call.wants_arrow:
        return page_answer(call, orjson.loads(orjson.dumps(rows)))
    return json_answer({"dataset": found, "rows": rows})


def versions(call: Call) -> Answer:
    """Answer the versions of a dataset, newest first."""
    name = call.path["name"]
    found = list_versions(call.reader, projects_of(call), name)
    if not found:
        raise not_found("dataset", name, hint="GET /datasets lists them")
    return page_answer(call, found)


def save(call: Call) -> Answer:
    """Store a new version and answer the dataset."""
    body = json_body(call)
    rows = body.get("rows")
    if not isinstance(rows, list):
        hint = "give a list of dataset rows"
        raise Refusal(422, "bad_body", "the body has no list of rows", hint=hint)
    new = NewVersion(
        project=project_in(call, body, required=True),
        name=_new_name(call.path["name"]),
        rows=rows,
        append=body.get("append") is True,
        note=text_in(body, "note"),
        author=text_in(body, "author"),
        description=text_in(body, "description"),
    )
    replaces = _replaced(body)
    return json_answer(save_dataset(call.store, call.reader, new, replaces=replaces))


def delete(call: Call) -> Answer:
    """Take a dataset out of the lists."""
    project = project_to_edit(call, what="dataset")
    delete_dataset(call.store, call.reader, project, call.path["name"])
    return json_answer({"deleted": True})


def _new_name(name: str) -> str:
    """Return a dataset's name if it can be asked for.

    Raises:
        Refusal: 422 for none, and for one whose path is that of another dataset's
            versions.
    """
    if not name.strip():
        hint = "put it into the path: PUT /api/v1/datasets/NAME"
        raise Refusal(422, "bad_name", "the dataset has no name", hint=hint)
    if name.endswith("/versions"):
        raise Refusal(
            422,
            "bad_name",
            f"{name!r} cannot name a dataset",
            hint="let it not end in /versions: that path lists versions",
        )
    return name


def _replaced(body: dict[str, Any]) -> str | None:
    """Return the version to be replaced, ``""`` for none, None for whichever."""
    if "replaces" not in body:
        return None
    return text_in(body, "replaces")


ROUTES: list[BaseRoute] = [
    Route("/datasets", endpoint(datasets, is_light=True)),
    Route("/datasets/{name:path}/versions", endpoint(versions, is_light=True)),
    Route("/datasets/{name:path}", endpoint(dataset, is_light=True), methods=["GET"]),
    Route("/datasets/{name:path}", endpoint(save, is_light=True), methods=["PUT"]),
    Route("/datasets/{name:path}", endpoint(delete, is_light=True), methods=["DELETE"]),
]
