"""Routes of datasets."""

import re
from typing import Any

import orjson
from starlette.routing import BaseRoute, Route

from collector.api.arrow import page_answer
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
    limit_of,
    offset_of,
    project_in,
    project_to_edit,
    projects_of,
)
from collector.api.refusals import Refusal, bad_parameter, not_found
from collector.storage.datasets.changes import read_changes
from collector.storage.datasets.edits import (
    Edits,
    copy_version,
    edit_dataset,
    rename_dataset,
)
from collector.storage.datasets.pages import (
    PageOfRows,
    list_changed_versions,
    list_splits,
    read_page,
)
from collector.storage.datasets.versions import (
    MAX_ROWS,
    NewVersion,
    delete_dataset,
    list_datasets,
    list_versions,
    newest_version,
    read_dataset,
    read_version,
    save_dataset,
)
from collector.storage.datasets.words import WORDS, is_said, tell

_PATH_OF_VERSIONS = re.compile(r"/versions(/[^/]*/(changes|splits))?$")


def datasets(call: Call) -> Answer:
    """Answer every dataset, the latest changed first."""
    return page_answer(call, list_datasets(call.reader, projects_of(call)))


def dataset(call: Call) -> Answer:
    """Answer one version of a dataset with its rows, or one page of them."""
    version = call.query.get("version") or None
    name = call.path["name"]
    if call.query.get("limit"):
        return _page(call, name, version)
    found, rows = read_dataset(call.reader, projects_of(call), name, version=version)
    if call.wants_arrow:
        return page_answer(call, orjson.loads(orjson.dumps(rows)))
    return json_answer({"dataset": found, "rows": rows})


def _page(call: Call, name: str, version: str | None) -> Answer:
    page = PageOfRows(
        limit=limit_of(call),
        offset=offset_of(call),
        text=call.query.get("text") or "",
        split=call.query.get("split") or "",
    )
    found, rows, n_matching = read_page(
        call.reader, projects_of(call), name, version=version, page=page
    )
    if call.wants_arrow:
        return page_answer(call, rows)
    return json_answer({"dataset": found, "rows": rows, "n_matching": n_matching})


def versions(call: Call) -> Answer:
    """Answer the versions of a dataset, newest first."""
    name = call.path["name"]
    listed = list_changed_versions if flag_of(call, "counted") else list_versions
    found = listed(call.reader, projects_of(call), name)
    if not found:
        raise not_found("dataset", name, hint="GET /datasets lists them")
    return page_answer(call, found)


def changes(call: Call) -> Answer:
    """Answer what a version has that another has not, one page of it."""
    limit, offset = limit_of(call), offset_of(call)
    before = call.query.get("before")
    if not before:
        hint = "name the version that it is held against"
        raise bad_parameter("before", before, hint=hint)
    found = read_changes(
        call.reader,
        projects_of(call),
        call.path["name"],
        before=before,
        version=call.path["version"],
        limit=limit,
        offset=offset,
    )
    return json_answer(
        {"rows": found.rows, "is_last": found.is_last, **dict(found.counts)}
    )


def splits(call: Call) -> Answer:
    """Answer the splits that a version's rows name, the largest first."""
    name, version = call.path["name"], call.path["version"]
    return page_answer(call, list_splits(call.reader, projects_of(call), name, version))


def save(call: Call) -> Answer:
    """Store a new version and answer the dataset."""
    body = json_body(call)
    if body.get("of") is not None:
        return _copy(call, body)
    rows = body.get("rows")
    if not isinstance(rows, list):
        hint = "give a list of dataset rows"
        raise Refusal(422, "bad_body", "the body has no list of rows", hint=hint)
    append = body.get("append") or False
    if not isinstance(append, bool):
        hint = "give true to keep the rows that are there, false to replace them"
        raise Refusal(422, "bad_body", f"append {append!r:.80} says neither", hint=hint)
    new = _new_version(call, body, rows=rows, append=append)
    saved = save_dataset(call.store, call.reader, new, replaces=_replaced(body))
    if new.description:
        words = {"description": new.description}
        _tell(call, new, words)
        saved |= words
    return json_answer(saved)


def _copy(call: Call, body: dict[str, Any]) -> Answer:
    of = body["of"]
    if not isinstance(of, dict):
        hint = 'give {"name": "faq", "version": …}'
        raise Refusal(422, "bad_body", f"of {of!r} names no dataset", hint=hint)
    saved = copy_version(
        call.store,
        call.reader,
        _new_version(call, body),
        of=text_in(of, "name", required=True),
        version=text_in(of, "version") or None,
        replaces=_replaced(body),
    )
    return json_answer(saved)


def edit(call: Call) -> Answer:
    """Store a version with single rows changed and answer the dataset."""
    body = json_body(call)
    changed, added = body.get("changed") or {}, body.get("added") or []
    if not isinstance(changed, dict) or not isinstance(added, list):
        hint = 'give {"changed": {"0": row or null}, "added": [row]}'
        raise Refusal(422, "bad_body", "the body has no edits", hint=hint)
    places = {_place(place): row for place, row in changed.items()}
    saved = edit_dataset(
        call.store,
        call.reader,
        _new_version(call, body),
        Edits(text_in(body, "base", required=True), places, added),
        replaces=_replaced(body),
    )
    return json_answer(saved)


def describe(call: Call) -> Answer:
    """Keep what is said of a dataset and answer it."""
    body = json_body(call)
    new = _new_version(call, body)
    if not newest_version(call.reader, new.project, new.name):
        raise not_found("dataset", new.name, hint="GET /datasets lists them")
    words = {key: body[key] for key in WORDS if key in body}
    if not is_said(words):
        hint = "description is text, tags a list of texts, schema an object or null"
        raise Refusal(422, "bad_body", f"{words!r:.80} cannot be kept", hint=hint)
    _tell(call, new, words)
    return json_answer(read_version(call.reader, (new.project,), new.name))


def _tell(call: Call, new: NewVersion, words: dict[str, Any]) -> None:
    place = (new.project, new.name)
    tell(call.store, call.reader, *place, words=words, author=new.author)


def rename(call: Call) -> Answer:
    """Give a dataset another name and answer it."""
    body = json_body(call)
    to = _new_name(text_in(body, "to", required=True))
    new = _new_version(call, body)
    return json_answer(rename_dataset(call.store, call.reader, new, to=to))


def _new_version(
    call: Call,
    body: dict[str, Any],
    *,
    rows: list[Any] | None = None,
    append: bool = False,
) -> NewVersion:
    return NewVersion(
        project=project_in(call, body, required=True),
        name=_new_name(call.path["name"]),
        rows=rows or [],
        append=append,
        note=text_in(body, "note"),
        author=text_in(body, "author"),
        description=text_in(body, "description"),
    )


def _place(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > len(str(MAX_ROWS)):
        hint = "name rows by their places in the version, from 0"
        raise Refusal(422, "bad_row", f"{text!r} is no place of a row", hint=hint)
    return int(text)


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
    if _PATH_OF_VERSIONS.search(name):
        raise Refusal(
            422,
            "bad_name",
            f"{name!r} cannot name a dataset",
            hint="let it not end like a path of versions: /versions, …/changes",
        )
    return name


def _replaced(body: dict[str, Any]) -> str | None:
    """Return the version to be replaced, ``""`` for none, None for whichever."""
    if "replaces" not in body:
        return None
    return text_in(body, "replaces")


_AT = "/datasets/{name:path}"

ROUTES: list[BaseRoute] = [
    Route("/datasets", endpoint(datasets, is_light=True)),
    Route(f"{_AT}/versions", endpoint(versions, is_light=True)),
    Route(
        f"{_AT}/versions/{{version}}/changes",
        endpoint(changes, is_light=True),
        methods=["GET"],
    ),
    Route(
        f"{_AT}/versions/{{version}}/splits",
        endpoint(splits, is_light=True),
        methods=["GET"],
    ),
    Route(f"{_AT}/rename", endpoint(rename, is_light=True), methods=["POST"]),
    Route(f"{_AT}/describe", endpoint(describe, is_light=True), methods=["POST"]),
    Route(_AT, endpoint(edit, is_light=True), methods=["PATCH"]),
    Route(_AT, endpoint(dataset, is_light=True), methods=["GET"]),
    Route(_AT, endpoint(save, is_light=True), methods=["PUT"]),
    Route(_AT, endpoint(delete, is_light=True), methods=["DELETE"]),
]
