import dataclasses
import datetime
import enum
import itertools
import json
import subprocess
import sys
import threading
import uuid
from collections import deque, namedtuple
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any
from unittest.mock import MagicMock

import numpy
import pandas
import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from tracer._values.encoding import attribute_value, to_json
from tracer._values.text import TRUNCATED, clean_text


def recorded(value: Any, *, max_bytes: int = 100_000) -> Any:
    return json.loads(to_json(value, max_bytes=max_bytes))


class Colour(enum.Enum):
    RED = "red"


class Word(str, enum.Enum):  # noqa: UP042  the older way, which has another str()
    RED = "red"


@dataclasses.dataclass
class Node:
    name: str
    next: Any = None


class Model(pydantic.BaseModel):
    count: int
    key: pydantic.SecretStr = pydantic.SecretStr("hush")


class Rude:
    def __repr__(self) -> str:
        raise RuntimeError("leave me alone")


Point = namedtuple("Point", "x y")

FORMS: list[tuple[Any, Any]] = [
    ("한국어", "한국어"),
    (float("nan"), "NaN"),
    ([float("-inf"), None], ["-Infinity", None]),
    (2**70, str(2**70)),
    ({1: "one", Colour.RED: 2}, {"1": "one", "red": 2}),
    (Colour.RED, "red"),
    (Decimal("1.50"), "1.50"),
    (PurePosixPath("/tmp/x"), "/tmp/x"),
    (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    (datetime.date(2026, 1, 2), "2026-01-02"),
    ({"d": datetime.date(2026, 1, 2), 1: 2**70}, {"d": "2026-01-02", "1": str(2**70)}),
    (Point(1, 2), {"x": 1, "y": 2}),
    (deque([1, 2]), [1, 2]),
    ({7}, [7]),
    (b"\x00\xff", "<2 bytes>"),
    (ValueError("no"), "ValueError: no"),
    (
        Node("a", Model(count=1)),
        {"name": "a", "next": {"count": 1, "key": "**********"}},
    ),
    (numpy.float64(1.5), 1.5),
    (numpy.bool_(True), True),
    (numpy.float32("nan"), "NaN"),
    ("a\ud800b", "a\ufffdb"),
    ("\ud83d\ude00", "😀"),
    ({"\udc00": "\udc00"}, {"\ufffd": "\ufffd"}),
    (len, "<builtins.len>"),
    (Node, f"<{Node.__module__}.Node>"),
]


@pytest.mark.parametrize(("value", "form"), FORMS, ids=[repr(v)[:30] for v, _ in FORMS])
def test_a_value_is_recorded_in_a_form_that_people_can_read(
    value: Any, form: Any
) -> None:
    assert recorded(value) == form


def test_an_array_is_recorded_as_its_shape_and_head() -> None:
    assert recorded(numpy.arange(100).reshape(10, 10)) == {
        "type": "ndarray",
        "shape": [10, 10],
        "dtype": "int64",
        "head": list(range(20)),
    }


def test_a_frame_is_recorded_as_its_shape_and_first_rows() -> None:
    frame = pandas.DataFrame({"n": [1.0, float("nan"), *range(98)]})
    form = recorded(frame)
    assert form["shape"] == [100, 1]
    assert form["head"][:2] == [{"n": 1.0}, {"n": "NaN"}]
    assert len(form["head"]) == 5


def test_a_column_is_recorded_as_its_length_and_first_values() -> None:
    form = recorded(pandas.Series([1, 2, 3, 4, 5, 6]))
    assert form == {"type": "Series", "shape": [6], "head": [1, 2, 3, 4, 5]}


def test_an_array_of_any_other_library_is_recorded_as_its_shape() -> None:
    class Tensor:
        shape = (2, 3)
        dtype = "f16"

    assert recorded(Tensor()) == {
        "type": Tensor.__qualname__,
        "shape": [2, 3],
        "dtype": "f16",
    }


def test_a_frozen_value_with_a_broken_number_is_recorded_whole() -> None:
    @dataclasses.dataclass
    class Point3:
        x: float
        y: Any = None

    assert recorded(Point3(float("nan"))) == {"x": "NaN", "y": None}


def test_a_cycle_ends_where_it_begins_again() -> None:
    node = Node("a")
    node.next = node
    items: list[Any] = []
    items.append(items)
    assert recorded(node) == {"name": "a", "next": "<cycle>"}
    assert recorded(items) == ["<cycle>"]


def test_what_is_deeper_than_can_be_read_is_cut_visibly() -> None:
    deep: Any = "bottom"
    for _ in range(1000):
        deep = [deep]
    assert "<deeper than 100 levels>" in to_json(deep, max_bytes=10_000)


def test_an_object_that_refuses_to_be_read_is_named_by_its_type() -> None:
    assert recorded({"a": Rude(), "b": 1}) == {"a": f"<{__name__}.Rude>", "b": 1}


def test_an_object_without_any_form_does_not_take_its_neighbours_with_it() -> None:
    form = recorded([threading.Lock(), "neighbour"])
    assert form[1] == "neighbour"


def test_an_iterator_is_not_consumed_by_being_recorded() -> None:
    numbers = iter([1, 2, 3])
    recorded({"numbers": numbers})
    assert list(numbers) == [1, 2, 3]


def test_a_long_text_keeps_its_beginning_and_says_how_long_it_was() -> None:
    text = to_json({"q": "x" * 10_000_000, "k": 3}, max_bytes=10_000)
    assert len(text) <= 10_000
    form = json.loads(text)
    assert form["k"] == 3
    assert form["q"].endswith("2,500 of 10,000,000 characters kept]")


def test_a_long_list_keeps_its_first_items_and_says_how_many_there_were() -> None:
    form = recorded(list(range(100_000)), max_bytes=50_000)
    assert form[:3] == [0, 1, 2]
    assert form[-1] == f"{TRUNCATED}: 1,000 of 100,000 items kept]"


def test_whatever_is_too_long_in_every_part_is_replaced_by_a_mark() -> None:
    value = {f"key-{i}": {f"key-{j}": "x" * 9 for j in range(99)} for i in range(99)}
    text = to_json(value, max_bytes=100)
    assert len(text.encode()) <= 100
    assert TRUNCATED in json.loads(text)


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()))
    | st.binary()
    | st.decimals()
    | st.datetimes()
    | st.uuids(),
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers() | st.tuples(st.integers()), inner)
    ),
    max_leaves=20,
)


@given(anything)
def test_any_value_becomes_json_that_any_reader_accepts(value: Any) -> None:
    text = to_json(value, max_bytes=10_000)
    json.loads(text)
    text.encode()


@given(anything, st.integers(min_value=80, max_value=500))
def test_no_value_is_longer_than_allowed(value: Any, max_bytes: int) -> None:
    assert len(to_json(value, max_bytes=max_bytes).encode()) <= max_bytes


@given(st.text(st.characters(exclude_categories=())))
def test_a_cleaned_text_can_be_encoded_and_a_clean_one_is_not_touched(
    text: str,
) -> None:
    cleaned = clean_text(text)
    cleaned.encode()
    assert clean_text(cleaned) == cleaned


@pytest.mark.parametrize(
    ("value", "attribute"),
    [
        ("text", "text"),
        (True, True),
        (3, 3),
        (1.5, 1.5),
        (2**63, str(2**63)),
        ([1, "a"], '[1,"a"]'),
        (None, "null"),
        (Colour.RED, "red"),
        (numpy.int64(3), 3),
        (numpy.float32(0.5), 0.5),
        ("null", '"null"'),
        ("[1]", '"[1]"'),
        ('"[1]"', '"\\"[1]\\""'),
        ('"mine"', '"mine"'),
        ("{curly", "{curly"),
        ("0.2", "0.2"),
    ],
)
def test_metadata_keep_their_scalar_type_and_others_become_json(
    value: Any, attribute: Any
) -> None:
    found = attribute_value(value, max_bytes=1000)
    assert (found, type(found)) == (attribute, type(attribute))


class EndlessMapping(Mapping[int, int]):
    def __getitem__(self, key: int) -> int:
        return key

    def __iter__(self) -> Iterator[int]:
        return itertools.count()

    def __len__(self) -> int:
        return 1


class EndlessSequence(Sequence[int]):
    def __getitem__(self, index: Any) -> Any:
        return index

    def __len__(self) -> int:
        return 1


@pytest.mark.parametrize("endless", [EndlessMapping(), EndlessSequence()])
def test_a_container_without_an_end_is_cut(endless: Any) -> None:
    # it was read for ever, and with it the application's call
    assert TRUNCATED in to_json(endless, max_bytes=100)


def test_a_list_that_its_own_items_empty_does_not_kill_the_process() -> None:
    """orjson reads on in a list that code which it calls has made shorter."""
    script = """
from tracer._values.encoding import to_json
class Item:
    def __init__(self, box): self.box = box
    def __repr__(self): return self.box.clear() or "emptied"
box = []
box += [Item(box)] + [[object()] for _ in range(2000)]
print(to_json(box, max_bytes=1_000_000)[:10])
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, '["emptied"\n'), done.stderr


class Broken(int):
    def __int__(self) -> int:
        raise OSError("no")


class Lying:
    @property  # type: ignore[misc]
    def __class__(self) -> type:
        raise OSError("no")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param(10**5000, "<an integer of 16,610 bits>", id="long"),
        pytest.param(Broken(2**70), f"<{Broken.__module__}.Broken>", id="broken"),
        pytest.param(Lying(), f"<{Lying.__module__}.Lying>", id="lying"),
        (float("nan"), "NaN"),
        (deque([float("nan")]), ["NaN"]),
        (Colour.RED, "red"),
        (Word.RED, "red"),
    ],
)
def test_one_odd_value_costs_only_itself(value: Any, shown: Any) -> None:
    assert recorded({"a": object, "odd": value, "b": "kept"})["odd"] == shown
    assert recorded({"odd": value, "b": "kept"})["b"] == "kept"


def test_nesting_without_end_costs_only_itself() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert recorded({"deep": deep, "b": "kept"})["b"] == "kept"


def test_no_method_of_a_mock_is_called() -> None:
    mock = MagicMock()
    recorded({"mock": mock, "odd": 10**400, "cycle": [float("nan")]})
    assert mock.mock_calls == []


def test_a_request_is_its_method_and_path_and_none_of_its_headers() -> None:
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/ask",
        "headers": [(b"authorization", b"Bearer sk-1")],
        "query_string": b"token=t",
    }
    found = recorded({"request": Request(scope | {"server": ("h", 80)})})
    assert found == {"request": {"type": "Request", "method": "POST", "path": "/ask"}}


def test_an_object_is_named_without_its_address() -> None:
    class Client: ...

    assert recorded({"client": Client()}) == {
        "client": f"<{Client.__module__}.{Client.__qualname__} object>"
    }
