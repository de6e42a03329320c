"""Calls whose message does not come make room for those whose does."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from collector.grpc import reads as grpc_reads
from collector.grpc.reads import MessageReads


async def silence() -> AsyncIterator[bytes]:
    await asyncio.Event().wait()
    yield b""


async def said(text: bytes) -> AsyncIterator[bytes]:
    yield text


async def slowly(text: bytes, whole: asyncio.Event) -> AsyncIterator[bytes]:
    await whole.wait()
    yield text


def start(
    reads: MessageReads, messages: AsyncIterator[bytes], peer: str
) -> "asyncio.Task[bytes]":
    return asyncio.create_task(reads.read(messages, peer=peer))


async def ended(tasks: "list[asyncio.Task[bytes]]") -> int:
    """How many were given up."""
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    return sum(
        isinstance(task.exception(), TimeoutError) for task in tasks if task.done()
    )


async def test_a_message_is_read_and_none_is_an_empty_one() -> None:
    async def nothing() -> AsyncIterator[bytes]:
        for none in ():
            yield none

    reads = MessageReads(1)
    assert await reads.read(said(b"a"), peer="p") == b"a"
    assert await reads.read(nothing(), peer="p") == b""


async def test_forty_silent_calls_keep_no_other_caller_waiting_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each kept its place for a minute, and whoever came then waited for three."""
    monkeypatch.setattr(grpc_reads, "GIVE_WAY_S", 0.01)
    reads = MessageReads(16)
    silent = [start(reads, silence(), "one") for _ in range(40)]
    async with asyncio.timeout(60):
        assert await start(reads, said(b"a"), "other") == b"a"
    for task in silent:
        task.cancel()
    await asyncio.gather(*silent, return_exceptions=True)


async def test_only_as_many_give_way_as_wait_and_none_of_the_older_half(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(grpc_reads, "GIVE_WAY_S", 0.01)
    reads, whole = MessageReads(4), asyncio.Event()
    slow = [start(reads, slowly(b"slow", whole), "one") for _ in range(4)]
    await asyncio.sleep(0)
    assert await start(reads, said(b"a"), "other") == b"a"
    assert await ended(slow) == 1
    assert await start(reads, said(b"b"), "other") == b"b"
    whole.set()
    results = await asyncio.gather(*slow, return_exceptions=True)
    assert isinstance(results.pop(2), TimeoutError)
    assert results == [b"slow"] * 3


async def test_who_leaves_while_it_waits_sends_nobody_away() -> None:
    reads, whole = MessageReads(1), asyncio.Event()
    slow = start(reads, slowly(b"slow", whole), "one")
    await asyncio.sleep(0)
    (patience,) = reads._reading
    patient_until_s = patience.when()
    left = start(reads, said(b"a"), "other")
    for _ in range(3):
        await asyncio.sleep(0)
    assert patience.when() < patient_until_s
    left.cancel()
    await asyncio.gather(left, return_exceptions=True)
    assert patience.when() == patient_until_s
    whole.set()
    assert await slow == b"slow"


async def test_more_slow_senders_than_places_get_through_though_all_try_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All that were read gave way to all that waited, in turn, and none was stored."""
    monkeypatch.setattr(grpc_reads, "GIVE_WAY_S", 0.05)
    reads = MessageReads(4)

    async def slow() -> AsyncIterator[bytes]:
        await asyncio.sleep(0.1)
        yield b"a"

    async def send(peer: str) -> bytes:
        while True:
            with contextlib.suppress(TimeoutError):
                return await reads.read(slow(), peer=peer)

    async with asyncio.timeout(20):
        sent = await asyncio.gather(*(send(f"p{number}") for number in range(12)))
    assert sent == [b"a"] * 12
