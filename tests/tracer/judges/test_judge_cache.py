"""What was judged once is not paid twice, and nothing else is taken for it."""

import os
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from judging import PRICE, Wire

from tracer.errors import ConfigurationError, UnreadableJudgementError
from tracer.judges import Faithfulness, Rubric, RubricJudge
from tracer.judges._asking import Reply
from tracer.judges._cache import ReplyCache, key_of

STYLE = Rubric.ready("style", "ko")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "judgements.sqlite"


async def test_the_same_question_is_answered_from_the_disk(
    wire: Wire, file: Path
) -> None:
    first = wire.model(cache=file, price=PRICE)
    scored = RubricJudge(first, STYLE).judge("네.", question="되나요?")
    model = first.model
    for again in (
        wire.model(model=model, cache=file, price=PRICE),
        wire.model(model=model, cache=file, price=PRICE, asynchronous=True),
    ):
        judge = RubricJudge(again, STYLE)
        assert await judge.ajudge("네.", question="되나요?") == scored
        assert (again.spending.n_requests, again.spending.n_cached) == (0, 1)
        assert again.spending.cost_usd == 0.0
    assert len(wire.bodies) == 1


@pytest.mark.parametrize(
    ("settings", "output", "repeat"),
    [
        ({"temperature": 0.5}, "네.", 0),
        ({"seed": 7}, "네.", 0),
        ({"max_output_tokens": 99}, "네.", 0),
        ({"options": {"top_p": 0.5}}, "네.", 0),
        ({"model": "judge-other"}, "네.", 0),
        ({}, "아니요.", 0),
        ({}, "네.", 1),
    ],
)
def test_whatever_shapes_the_reply_is_part_of_the_key(
    wire: Wire, file: Path, settings: dict[str, Any], output: str, repeat: int
) -> None:
    first = wire.model(cache=file)
    RubricJudge(first, STYLE).judge("네.", question="되나요?")
    other = wire.model(cache=file, **({"model": first.model} | settings))
    RubricJudge(other, STYLE).judge(output, question="되나요?", repeat=repeat)
    assert len(wire.bodies) == 2


def test_another_rubric_is_another_question(wire: Wire, file: Path) -> None:
    model = wire.model(cache=file)
    for name in ("style", "toxicity"):
        RubricJudge(model, Rubric.ready(name, "ko")).judge("네.", question="되나요?")
    assert len(wire.bodies) == 2


def test_a_judgement_of_many_questions_is_kept_whole(wire: Wire, file: Path) -> None:
    model = wire.model(cache=file)
    row = {"question": "수도는?", "context": ["서울이 수도다."]}
    found = [Faithfulness(model).judge("서울이 수도다.", **row) for _ in range(2)]
    assert found[0] == found[1]
    assert len(wire.bodies) == 2


def test_a_reply_that_could_not_be_read_is_not_kept(wire: Wire, file: Path) -> None:
    judge = RubricJudge(wire.model("judge-broken", cache=file), STYLE)
    for _ in range(2):
        with pytest.raises(UnreadableJudgementError):
            judge.judge("네.", question="되나요?")
    assert len(wire.bodies) == 4


def test_the_file_and_a_folder_made_for_it_are_their_owners_alone(file: Path) -> None:
    kept = file.parent / "made" / file.name
    ReplyCache(kept)
    assert stat.S_IMODE(os.stat(kept).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(kept.parent).st_mode) == 0o700


def test_threads_and_objects_share_one_file(file: Path) -> None:
    caches = [ReplyCache(file) for _ in range(3)]

    def put(number: int) -> None:
        key = key_of({"n": number})
        caches[number % 3].keep([(key, Reply(f"답 {number}"))])

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(put, range(60)))
    found = [caches[0].find(key_of({"n": number})) for number in range(60)]
    assert found == [Reply(f"답 {number}") for number in range(60)]


def test_the_oldest_replies_go_first(file: Path) -> None:
    cache = ReplyCache(file, most_replies=3)
    for number in range(5):
        cache.keep([(key_of({"n": number}), Reply(str(number)))])
    there = [cache.find(key_of({"n": number})) is not None for number in range(5)]
    assert there == [False, False, True, True, True]


def test_a_file_that_is_no_cache_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("not a database, but long enough to be looked at " * 9)
    with pytest.raises(ConfigurationError, match="name another file"):
        ReplyCache(other)
    with pytest.raises(ConfigurationError, match="cannot be opened"):
        ReplyCache(other / "below")


def test_a_cache_that_breaks_later_costs_the_judgement_nothing(
    wire: Wire, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACER_STRICT", "0")
    model = wire.model(cache=file)
    with sqlite3.connect(file) as database:
        database.execute("DROP TABLE replies")
    database.close()
    assert RubricJudge(model, STYLE).judge("네.", question="되나요?").value
