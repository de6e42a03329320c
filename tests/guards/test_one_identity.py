"""Two packages that may not import each other name rows and versions alike."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from collector.storage.datasets import versions as datasets
from tracer.evaluation import _identity

TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.text('가나다 힣abc"\\')
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=20
)


@given(VALUES)
@example(
    {"질문": "서울은?", "나": [1.0, 1, -0.0, 1e300, 0.1], "b": {"z": None, "a": {}}}
)
@example({"나": 1, "가": 2, "a": 3})
def test_content_has_one_hash_wherever_it_is_computed(value: Any) -> None:
    assert _identity.content_hash(value) == datasets.content_hash(value)


@given(VALUES, st.sampled_from(["file", "trace_id", "system"]), VALUES)
def test_a_row_has_one_hash_wherever_it_is_computed(
    inputs: Any, key: str, origin: Any
) -> None:
    row = {"id": "a", "inputs": {"q": inputs}, "source": {key: origin}}
    assert _identity.row_hash(row) == datasets.row_hash(row)


@given(st.lists(VALUES, max_size=5))
def test_rows_have_one_version_wherever_it_is_computed(rows: list[Any]) -> None:
    ids = [datasets.content_hash(row) for row in rows]
    assert _identity.version_of(ids) == datasets.version_of(ids)
