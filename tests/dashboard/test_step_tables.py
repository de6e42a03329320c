"""The tables of one step, from rows of every kind."""

from typing import Any

from dashboard.shaping.traces import details

GROUPS = {"identity": "span", "attributes": "attribute", "resource": "resource"}


def step(**fields: Any) -> dict[str, Any]:
    identity = ("trace_id", "span_id", "parent_span_id", "service", "scope")
    return dict.fromkeys(identity) | {"attributes": {}, "resource": {}} | fields


def named(*rows: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        tuple(row["cells"][name]["text"] for name in ("group", "name", "value"))
        for row in rows
    ]


def test_attributes_stand_by_name_behind_who_the_span_is() -> None:
    span = step(
        span_id="s1",
        attributes={"b": 2, "a": "하나"},
        resource={"service.name": "shop"},
    )

    assert named(*details.attribute_rows(span, GROUPS)) == [
        ("span", "span_id", "s1"),
        ("attribute", "a", "하나"),
        ("attribute", "b", "2"),
        ("resource", "service.name", "shop"),
    ]


def test_every_word_of_a_search_must_stand_in_the_name_or_the_value() -> None:
    span = step(attributes={"http.status": 503, "http.url": "/refund", "other": "503"})

    found = named(*details.attribute_rows(span, GROUPS, query="HTTP 503"))
    assert found == [("attribute", "http.status", "503")]


def test_a_long_value_shows_its_beginning_and_its_length() -> None:
    [row] = details.attribute_rows(step(attributes={"a": "x" * 50_000}), GROUPS)

    shown = row["cells"]["value"]["text"]
    assert shown == "x" * details.MOST_SHOWN + "… (50,000)"


def test_versions_of_a_score_are_newest_first_and_one_says_it_was_deleted() -> None:
    common = {"explanation": None, "error": None, "label": None}
    versions = [
        {**common, "version_ns": 1, "value": 1.0, "deleted": False},
        {**common, "version_ns": 3, "value": 2.0, "deleted": True},
        {**common, "version_ns": 2, "value": 2.0, "deleted": False},
    ]
    rows = details.version_rows(versions, deleted="gone")

    assert [row["cells"]["value"]["text"] for row in rows] == ["gone", "2", "1"]
