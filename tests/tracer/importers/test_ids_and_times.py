"""Ids that stay, ids that follow, and moments in every spelling."""

import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracer.importers._ids import is_kept, span_id_of, trace_id_of
from tracer.importers._times import time_ns


@given(st.uuids())
def test_a_uuid_is_a_trace_id_without_its_dashes(id: uuid.UUID) -> None:
    if id.int:
        assert trace_id_of("weave", str(id)) == id.hex
        assert is_kept(str(id), id.hex)


@given(st.text())
def test_any_other_id_has_one_hash_of_its_own_in_each_system(id: str) -> None:
    one, other = trace_id_of("langfuse", id), trace_id_of("phoenix", id)
    assert one == trace_id_of("langfuse", id)
    assert len(one) == 32 and len(span_id_of("langfuse", id)) == 16
    assert one != other or is_kept(id, one)


def test_zeros_alone_are_no_id() -> None:
    assert int(trace_id_of("a", "0" * 32), 16)
    assert int(span_id_of("a", "0" * 16), 16)


@pytest.mark.parametrize(
    "spelt",
    [
        "2026-10-01T09:00:01.5+00:00",
        "2026-10-01T18:00:01.5+09:00",
        "2026-10-01T09:00:01.500Z",
        "2026-10-01 09:00:01.5",
        1_790_845_201.5,
        1_790_845_201_500,
        1_790_845_201_500_000,
        1_790_845_201_500_000_000,
        "1790845201500",
    ],
)
def test_a_moment_is_the_same_in_every_spelling(spelt: object) -> None:
    assert time_ns(spelt) == 1_790_845_201_500_000_000


@given(st.integers(0, 2**35).map(lambda n: datetime.fromtimestamp(n / 7, UTC)))
def test_iso_texts_are_exact_to_the_microsecond(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    wanted = int(whole.timestamp()) * 10**9 + moment.microsecond * 1000
    assert time_ns(moment.isoformat()) == wanted


FAR = ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "9999-12-31", 99_999_999_999]


@pytest.mark.parametrize("value", [None, True, "", "soon", [], -1, 10**20, *FAR])
def test_what_is_no_moment_is_none(value: object) -> None:
    assert time_ns(value) is None
