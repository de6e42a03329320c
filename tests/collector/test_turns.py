"""Who reads next when more would like to than may."""

import anyio
import pytest
from starlette.requests import Request
from starlette.types import Message

from collector.api import turns as turns_module
from collector.api.callers import work_for_caller
from collector.api.refusals import Refusal
from collector.api.turns import Turns


async def test_a_caller_with_many_reads_does_not_keep_the_others_waiting() -> None:
    turns = Turns(1)
    served: list[str] = []

    async def read(caller: str) -> None:
        async with turns.turn(caller):
            served.append(caller)

    async with anyio.create_task_group() as group:
        async with turns.turn("a"):
            for caller in ("a", "a", "a", "b", "c"):
                group.start_soon(read, caller)
            await anyio.wait_all_tasks_blocked()
            assert (turns.n_at_work, turns.n_waiting) == (1, 5)
    assert served == ["a", "b", "c", "a", "a"]
    assert (turns.n_at_work, turns.n_waiting) == (0, 0)


async def test_one_who_leaves_while_waiting_takes_no_place() -> None:
    turns = Turns(1)

    async def read() -> None:
        async with turns.turn("b"):
            raise AssertionError("nobody waits for this")

    async with turns.turn("a"), anyio.create_task_group() as group:
        group.start_soon(read)
        await anyio.wait_all_tasks_blocked()
        group.cancel_scope.cancel()
    assert (turns.n_at_work, turns.n_waiting) == (0, 0)


async def test_a_place_given_to_one_who_just_left_goes_to_the_next() -> None:
    turns = Turns(1)
    served: list[str] = []

    async def read(caller: str) -> None:
        async with turns.turn(caller):
            served.append(caller)

    async with anyio.create_task_group() as group:
        with anyio.CancelScope() as leaving:
            async with anyio.create_task_group() as waiting:
                async with turns.turn("a"):
                    waiting.start_soon(read, "b")
                    await anyio.wait_all_tasks_blocked()
                    group.start_soon(read, "c")
                    await anyio.wait_all_tasks_blocked()
                leaving.cancel()  # b has just been called
    assert served[-1] == "c"
    assert turns.n_at_work == 0


async def test_more_than_may_wait_are_told_to_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns_module, "MAX_WAITING", 0)
    turns = Turns(1)
    async with turns.turn("a"):
        with pytest.raises(Refusal) as refusal:
            async with turns.turn("b"):
                pass
    assert (refusal.value.status, refusal.value.code) == (503, "busy")


async def test_a_read_for_which_there_is_no_room_is_told_so_and_never_begins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It was answered 500 internal: the refusal came wrapped in a group."""
    monkeypatch.setattr(turns_module, "MAX_WAITING", 0)

    async def receive() -> Message:
        await anyio.sleep_forever()
        raise AssertionError("unreachable")

    def never() -> None:
        raise AssertionError("nothing is to be begun, or ended")

    request = Request({"type": "http", "client": None}, receive)
    turns = Turns(1)
    async with turns.turn("a"):
        with pytest.raises(Refusal) as refusal:
            await work_for_caller(request, never, turns=turns, end=never)
    assert (refusal.value.status, refusal.value.code) == (503, "busy")


async def test_a_caller_who_fills_the_room_to_wait_makes_room_for_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One with hundreds of reads had everybody else told to come back."""
    monkeypatch.setattr(turns_module, "MAX_WAITING", 3)
    turns = Turns(1)
    told: list[str] = []

    async def read(caller: str) -> None:
        try:
            async with turns.turn(caller):
                told.append(f"{caller} served")
        except Refusal as refusal:
            told.append(f"{caller} {refusal.status}")

    async with anyio.create_task_group() as group, turns.turn("a"):
        for caller in ("a", "a", "a", "a", "b", "c"):
            group.start_soon(read, caller)
            await anyio.wait_all_tasks_blocked()
        assert told == ["a 503", "a 503", "a 503"]
    assert sorted(told[3:]) == ["a served", "b served", "c served"]
    assert (turns.n_at_work, turns.n_waiting) == (0, 0)
