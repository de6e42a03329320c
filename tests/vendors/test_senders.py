"""What real packages sent, through the real endpoint, is shown alike."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from processes import CollectorProcess
from vendors.fields import FIELDS
from vendors.matrix import PAGE, page
from vendors.reading_back import read_back, send
from vendors.tables import HERE, ROLES, Sender, load, names, recorded_requests
from vendors.truth import calls

RECORDED = [name for name in names() if not load(name).unrecorded]
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def shown(collector: CollectorProcess) -> Iterator[Any]:
    """What is shown of a sender's recording, each sent once."""
    kept: dict[str, Any] = {}

    def of(name: str) -> Any:
        if name not in kept:
            project = f"vendor-{next(_numbers)}"
            send(collector.url, recorded_requests(name), project)
            kept[name] = read_back(collector.url, load(name), project)
        return kept[name]

    yield of


def is_empty(found: Any) -> bool:
    """Whether nothing is shown, or a pair of nothings."""
    if isinstance(found, tuple):
        return all(item is None for item in found)
    return found in (None, "", [], {})


def problem(sender: Sender, field: str, role: str, shown: Any) -> str:
    """Return how a field differs from the table, empty if it does not."""
    gap = sender.gap(field, role)
    if sender.absence(role):
        return ""
    found = FIELDS[field].shown(shown, role)
    named = f"{sender.name}: {field} of {role}"
    is_right = not is_empty(found) and FIELDS[field].is_right(
        found, role, calls(sender.name)
    )
    if gap is None:
        return "" if is_right else f"{named} is {found!r}"
    if is_right:
        return f"{named} is right by now: {found!r}; {gap.why!r} is no longer true"
    plain = _as_in_a_table(found)
    fits = is_empty(found) if gap.shown is None else plain == gap.shown
    return "" if fits else f"{named} is {found!r}, not {gap.shown!r}"


def _as_in_a_table(found: Any) -> Any:
    """Return a value in the words of TOML, which knows no nothing."""
    if isinstance(found, tuple | list):
        return [_as_in_a_table(item) for item in found]
    return "" if found is None else found


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("name", RECORDED)
def test_a_field_is_shown_as_its_table_says(name: str, field: str, shown: Any) -> None:
    sender, seen = load(name), shown(name)
    problems = [problem(sender, field, role, seen) for role in FIELDS[field].roles]
    assert "\n".join(found for found in problems if found) == ""


@pytest.mark.parametrize("name", RECORDED)
def test_every_attribute_stays_as_it_was_sent(name: str, shown: Any) -> None:
    by_id = {span["span_id"]: span for span in shown(name)["spans"]}
    lost = [
        f"{sent['name']}: {attribute['key']}"
        for request in recorded_requests(name)
        for resource in request["body"].get("resourceSpans", ())
        for scope in resource["scopeSpans"]
        for sent in scope["spans"]
        if (span := by_id.get(sent["spanId"]))
        for attribute in sent.get("attributes", ())
        if not _is_kept(attribute, span)
    ]
    assert lost == []


def _is_kept(attribute: dict[str, Any], span: Any) -> bool:
    """Whether an attribute is with its span, or is its input, output or metadata."""
    key, value = attribute["key"], attribute["value"]
    if key in span["attributes"]:
        said = value.get("stringValue")
        return said is None or span["attributes"][key] == said
    content = json.dumps([span["input"], span["output"]], ensure_ascii=False)
    said = value.get("stringValue", "")
    if said[:1] in ("{", "[", '"'):
        said_value = json.loads(said)
        return said_value in (span["input"], span["output"])
    if json.dumps(said, ensure_ascii=False) in content or "arrayValue" in value:
        return True
    return key.startswith("tracer.metadata.")


@pytest.mark.parametrize("name", names())
def test_a_table_has_an_entry_for_every_field_and_step(name: str) -> None:
    sender = load(name)
    if sender.unrecorded:
        return
    assert sorted(sender.fields) == sorted(FIELDS)
    assert sorted(sender.roles) == sorted(ROLES)
    for field, said in sender.fields.items():
        if isinstance(said, str):
            assert said == "right" or said.startswith("missing: "), (name, field)
        else:
            assert said and set(said) <= set(FIELDS[field].roles), (name, field)


@pytest.mark.parametrize("name", names())
def test_a_sender_has_all_its_parts(name: str) -> None:
    sender = load(name)
    ending = "mjs" if sender.runtime == "node" else "py"
    assert (HERE / "programs" / f"{name}.{ending}").exists() or sender.unrecorded
    assert bool(list(recorded_requests(name))) != bool(sender.unrecorded)


def test_every_recording_has_a_table() -> None:
    folders = {path.name for path in (HERE / "recorded").iterdir() if path.is_dir()}
    assert folders <= set(names())


def test_a_recording_names_nothing_of_the_machine_it_was_made_on() -> None:
    words = ("/home/", "/root/", "/opt/", "/work/", "/tmp/", "site-packages/../")
    plain = ("/home/user/",)
    found = [
        f"{path.relative_to(HERE)}: {word}"
        for path in (HERE / "recorded").rglob("*.json")
        for word in words
        if word in _without(path.read_text("utf-8"), plain)
    ]
    assert found == []


def _without(text: str, plain: tuple[str, ...]) -> str:
    for word in plain:
        text = text.replace(word, "")
    return text


WITH_LOGS = [
    name
    for name in RECORDED
    if {request["signal"] for request in recorded_requests(name)} == {"traces", "logs"}
]


@pytest.mark.parametrize("first", ["traces", "logs"])
@pytest.mark.parametrize("name", WITH_LOGS)
def test_content_in_log_records_is_joined_whichever_comes_first(
    name: str, first: str, collector: CollectorProcess
) -> None:
    sender, project = load(name), f"vendor-{next(_numbers)}"
    requests = sorted(recorded_requests(name), key=lambda r: r["signal"] != first)
    send(collector.url, requests, project)
    seen = read_back(collector.url, sender, project)
    problems = [
        problem(sender, field, role, seen)
        for field in ("input", "output", "messages", "tools")
        for role in FIELDS[field].roles
    ]
    assert "\n".join(found for found in problems if found) == ""


def test_the_page_of_senders_is_what_the_tables_say() -> None:
    assert Path(PAGE).read_text("utf-8") == page(), (
        "run: python tests/vendors/matrix.py"
    )
