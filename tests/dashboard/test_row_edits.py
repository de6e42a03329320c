"""What people write into cells, and what it makes of the rows."""

from typing import Any

from dashboard.shaping import word_changes
from dashboard.shaping.datasets import row_edits
from dashboard.shaping.datasets.row_edits import Problem
from tracer.evaluation._identity import content_hash

ROWS: list[dict[str, Any]] = [
    {
        "place": 7,
        "id": content_hash({"question": "환불?", "k": 3}),
        "inputs": {"question": "환불?", "k": 3},
        "expected": "예",
        "output": None,
        "metadata": {"plan": "pro"},
        "source": {"trace_id": "t", "span_id": "s"},
    },
    {
        "place": 8,
        "id": "given",
        "inputs": {"question": "배송?"},
        "expected": None,
        "output": {"text": "이틀"},
        "metadata": {},
        "source": None,
    },
]
COLUMNS = row_edits.columns_of(ROWS)


def edited(**deltas: Any) -> row_edits.Edited:
    return row_edits.edited(ROWS, COLUMNS, deltas)


def test_rows_are_cells_of_text_and_other_values_are_json() -> None:
    assert COLUMNS == [
        *("inputs.question", "inputs.k", "expected", "output", "metadata.plan"),
    ]
    table = row_edits.table(ROWS, COLUMNS)
    assert table[0]["inputs.k"] == "3"
    assert table[1]["output"] == '{"text": "이틀"}'
    assert table[1]["metadata.plan"] is None


def test_an_edited_row_keeps_where_it_is_from_and_gets_an_id_of_its_inputs() -> None:
    row = edited(edited_rows={0: {"inputs.question": "환불하나요?"}}).changed[7]

    assert row is not None and "id" not in row
    assert row["inputs"] == {"question": "환불하나요?", "k": 3}
    assert row["source"] == ROWS[0]["source"]
    assert ROWS[0]["inputs"]["question"] == "환불?"


def test_an_id_that_was_given_is_kept() -> None:
    row = edited(edited_rows={1: {"expected": "이틀"}}).changed[8]

    assert row is not None
    assert (row["id"], row["expected"]) == ("given", "이틀")


def test_what_was_json_stays_json() -> None:
    row = edited(edited_rows={0: {"inputs.k": "4"}}).changed[7]
    assert row is not None and row["inputs"]["k"] == 4

    for text in ("이틀", "NaN", "[" * 100_000):  # NaN would be stored as nothing
        wrong = edited(edited_rows={1: {"output": text}})
        assert wrong.problems == [Problem(8, "output", text)]
        assert wrong.changed == {}


def test_an_emptied_cell_is_nothing_and_a_row_keeps_an_input() -> None:
    row = edited(edited_rows={0: {"metadata.plan": None, "expected": None}}).changed[7]
    assert row is not None
    assert (row["metadata"], row["expected"]) == ({}, None)

    empty = edited(edited_rows={1: {"inputs.question": None}})
    assert empty.problems == [Problem(8, "", "")]


def test_rows_are_added_and_taken_out() -> None:
    found = edited(
        deleted_rows=[1], added_rows=[{"inputs.question": "주소?"}, {}, {"output": ""}]
    )

    assert found.changed == {8: None}
    assert [row["inputs"] for row in found.added] == [{"question": "주소?"}]
    assert found and not edited()


def test_an_edit_that_is_taken_back_is_none() -> None:
    assert not edited(edited_rows={0: {"expected": "예"}})


def test_a_text_is_compared_word_by_word() -> None:
    pieces = word_changes.pieces("환불은 3일 안에 됩니다", "환불은 7일 안에 됩니다")

    assert pieces == [
        *(
            ("same", "환불은 "),
            ("del", "3일"),
            ("ins", "7일"),
            ("same", " 안에 됩니다"),
        ),
    ]
    assert word_changes.pieces("같다", "같다") == [("same", "같다")]
    assert word_changes.pieces("", "") == []
    assert word_changes.pieces("", "새") == [("ins", "새")]
    assert word_changes.pieces("옛", "") == [("del", "옛")]


def test_texts_that_share_little_are_shown_one_after_the_other() -> None:
    before, after = "Can I return it?", "Where is my parcel now?"

    shown = [("del", before), ("same", "\n"), ("ins", after)]
    assert word_changes.pieces(before, after) == shown


def test_a_changed_row_shows_what_differs_beside_what_it_asks() -> None:
    change = {
        "change": "changed",
        "id": "1",
        "before": ROWS[0],
        "after": {**ROWS[0], "expected": "네", "metadata": {"plan": "free"}},
        "parts": ["expected", "metadata"],
    }
    names = {part: part for part in ("inputs", "expected", "metadata")}
    (card,) = word_changes.cards([change], words={"changed": "변경"}, parts=names)

    assert card["badge"] == {"text": "변경", "tone": "info"}
    titles = [part["title"] for part in card["parts"]]
    assert titles == ["expected", "metadata · plan", "inputs"]
    said = [("del", "예"), ("same", "\n"), ("ins", "네")]
    assert card["parts"][0]["pieces"] == said
