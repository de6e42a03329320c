"""Metadata come back as what they were logged as, and are found by what they say."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from otlp_requests import START_NS, log_request, put, record, span, trace_request
from reading import of, page, read

from collector.api.scoring import score_row
from collector.metadata import metadata_texts, value_of_metadata
from collector.storage.edits import store_score
from collector.storage.engine import Store
from collector.storage.reads.evaluations import list_evaluations
from collector.storage.reads.reader import Row
from collector.storage.reads.scores import list_scores
from collector.storage.reads.spans import list_spans
from tracer._values.encoding import attribute_value

LOGGED: dict[str, Any] = {
    "temperature": 0.2,
    "k": 5,
    "is_new": True,
    "model": "gpt-4o",
    "number in words": "0.2",
    "stop": ["끝", "\n"],
    "options": {"seed": 1},
    "nothing": None,
    "null in words": "null",
    "list in words": "[1, 2]",
    "quoted": '"so"',
}
"""What people log: all of it comes back as it is."""


def attributes(**said: Any) -> dict[str, Any]:
    """What travels: the SDK's attributes."""
    metadata = {
        f"tracer.metadata.{key}": attribute_value(value, max_bytes=1000)
        for key, value in LOGGED.items()
    }
    return said | metadata


def runs(store: Store, project: str, *where: tuple[Any, ...]) -> list[Row]:
    return read(store, list_evaluations, of(project, origin="all"), page(*where))[0]


def scores(store: Store, project: str, *where: tuple[Any, ...]) -> list[Row]:
    return read(store, list_scores, of(project, origin="all"), page(*where))[0]


def spans(store: Store, project: str, *where: tuple[Any, ...]) -> list[Row]:
    return read(store, list_spans, of(project, origin="all"), page(*where))[0]


@pytest.fixture(scope="module")
def stored(store: Store) -> str:
    """The project in which a run, a score and a span say all of it."""
    project = "typed-metadata"
    run = attributes(**{"tracer.evaluation.id": "run-1"})
    score = attributes(
        **{
            "gen_ai.evaluation.name": "tone",
            "gen_ai.evaluation.score.value": 4.0,
            "tracer.score.scale": [1.0, 5.0],
        }
    )
    at = {"time_unix_nano": START_NS, "observed_time_unix_nano": START_NS}
    put(
        store,
        log_request(
            record(run, event_name="tracer.evaluation.started", **at),
            record(score, event_name="gen_ai.evaluation.result", **at),
            project=project,
        ),
        signal="logs",
    )
    put(store, trace_request(span(attributes()), project=project))
    return project


@pytest.mark.parametrize("listed", [runs, scores, spans])
def test_metadata_come_back_as_they_were_logged(
    store: Store, stored: str, listed: Any
) -> None:
    (row,) = listed(store, stored)
    assert row["metadata"] == LOGGED
    assert "metadata_types" not in row


@pytest.mark.parametrize("listed", [runs, scores, spans])
@pytest.mark.parametrize(
    ("condition", "is_met"),
    [
        (("metadata.temperature", ">", 0.1), True),
        (("metadata.temperature", ">", 0.3), False),
        (("metadata.model", "=", "gpt-4o"), True),
        (("metadata.is_new", "=", True), True),
        (("metadata.number in words", "=", "0.2"), True),
        (("metadata.nothing", "exists"), True),
        (("metadata.quoted", "contains", "so"), True),
    ],
)
def test_metadata_are_found_by_what_they_say(
    store: Store, stored: str, listed: Any, condition: tuple[Any, ...], is_met: bool
) -> None:
    assert bool(listed(store, stored, condition)) is is_met


def test_a_score_given_by_the_api_keeps_its_metadata_and_its_scale(
    store: Store, project: str
) -> None:
    body = {"project": project, "name": "tone", "value": 4, "trace_id": "ab" * 16}
    row = score_row(body | {"metadata": LOGGED, "scale": [1, 5]})
    with store.handle("write") as client:
        store_score(client, row)
    (found,) = scores(store, project)
    assert found["metadata"] == LOGGED
    assert (found["scale_low"], found["scale_high"]) == (1.0, 5.0)


def test_rows_from_before_there_were_types_stay_text() -> None:
    assert [value_of_metadata(text) for text in ("0.2", "true", "", '"a"')] == [
        *("0.2", "true", "", '"a"')
    ]
    assert value_of_metadata('{"seed":1}') == {"seed": 1}
    assert value_of_metadata("{curly") == "{curly"


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(-1e9, 1e9) | st.text('[]{}"nul,:1 \\'),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("ab", max_size=2), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(JSON)
def test_what_is_written_is_read_by_the_same_rule(value: Any) -> None:
    """By the SDK, by the API, and in quotes as deep as anybody likes."""
    plain = orjson.loads(orjson.dumps(value))
    sent = attribute_value(plain, max_bytes=10_000)
    assert (value_of_metadata(sent) if isinstance(sent, str) else sent) == plain
    texts, types = metadata_texts({"k": plain})
    if not types:
        assert value_of_metadata(texts["k"]) == plain
