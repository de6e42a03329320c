"""Splits as people write them, and rows that know theirs."""

from collections import Counter
from typing import Any

import pytest

from dashboard.shaping.datasets import splits

ROWS: list[dict[str, Any]] = [
    {
        "id": str(number),
        "inputs": {"q": number},
        "expected": None,
        "output": None,
        "metadata": {"user": f"u{number % 7}", "lang": "ko" if number % 4 else "en"},
        "source": None,
    }
    for number in range(200)
]
SHARES = {"train": 0.8, "test": 0.2}


@pytest.mark.parametrize("written", ["train=80 test=20", "train=80%, test=20%"])
def test_shares_are_read_as_people_write_them(written: str) -> None:
    assert splits.shares_of(written) == SHARES


@pytest.mark.parametrize(
    "written",
    ["", "train=100", "train=50 train=50", "train test", "a=²0 b=80", "a=60 b=60"],
)
def test_shares_that_are_none_are_not_read(written: str) -> None:
    assert splits.shares_of(written) is None


def test_rows_name_their_split_and_keep_it_as_others_come() -> None:
    rows = splits.with_splits(ROWS, SHARES, seed="1")
    few = splits.with_splits(ROWS[50:60], SHARES, seed="1")

    counts = Counter(row["metadata"]["split"] for row in rows)
    assert counts["train"] == pytest.approx(160, abs=16)
    assert few == rows[50:60]
    assert "split" not in ROWS[0]["metadata"]
    assert splits.with_splits(ROWS, SHARES, seed="2") != rows


def test_rows_of_one_user_stay_together_or_a_language_is_spread() -> None:
    grouped = splits.with_splits(ROWS, SHARES, seed="1", group_by="user")
    places = {(row["metadata"]["user"], row["metadata"]["split"]) for row in grouped}
    assert len(places) == 7

    spread = splits.with_splits(ROWS, SHARES, seed="1", stratify_by="lang")
    english = [row["metadata"] for row in spread if row["metadata"]["lang"] == "en"]
    assert Counter(one["split"] for one in english)["test"] == pytest.approx(10, abs=1)
    assert splits.keys_of(spread) == ["user", "lang"]
