"""Rules of online scoring: documents that change key by key."""

from typing import Any

import pytest
from reading import read

from collector.api.refusals import Refusal
from collector.storage.documents.online_rules import save_online_rule
from collector.storage.documents.versions import Place, list_documents
from collector.storage.engine import Store
from collector.storage.reads.reader import Row


def put_rule(
    store: Store, project: str, replaces: int | None = None, **given: Any
) -> Row:
    place = Place("online-rule", project, "rule")
    return read(
        store,
        lambda reader: save_online_rule(store, reader, place, given, replaces=replaces),
    )


def test_a_rule_keeps_what_a_write_does_not_name(store: Store, project: str) -> None:
    put_rule(store, project, scorers=["a"], sample_rate=0.5)
    changed = put_rule(store, project, position_ns=7)
    assert (changed["scorers"], changed["sample_rate"]) == (["a"], 0.5)
    assert (changed["position_ns"], changed["state"]) == (7, "active")
    listed = read(
        store, lambda reader: list_documents(reader, "online-rule", (project,))
    )
    assert [rule["version"] for rule in listed] == [2]


def test_of_two_writes_to_one_version_one_wins(store: Store, project: str) -> None:
    put_rule(store, project, scorers=["a"])
    put_rule(store, project, replaces=1, worker="one")
    with pytest.raises(Refusal, match="at version 2"):
        put_rule(store, project, replaces=1, worker="two")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("state", "asleep"),
        ("where", ["name", "=", "x"]),
        ("where", [["name"]]),
        ("where", [["name", "resembles", "x"]]),
        ("sample_rate", 0),
        ("sample_rate", 1.5),
        ("sample_rate", True),
        ("scorers", "a"),
        ("scorers", [1]),
        ("max_per_day", -1),
        ("max_cost_usd_per_day", "much"),
        ("position_ns", 1.5),
        ("lease_until_ns", None),
    ],
)
def test_a_value_that_fits_no_rule_is_refused_by_name(
    store: Store, project: str, key: str, value: Any
) -> None:
    with pytest.raises(Refusal, match=f"^{key} .*does not fit an online rule"):
        put_rule(store, project, **{key: value})
