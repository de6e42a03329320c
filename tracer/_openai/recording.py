"""What a stream has brought so far; the user's stream stays the object that it is."""

import time
import weakref
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from tracer._delivery import endings
from tracer._guard import guarded
from tracer._openai.call import Call
from tracer._openai.joiner import Joiner


class Recording:
    """Collects the chunks of one stream and finishes its call once.

    It must not refer to the stream or its HTTP response: it is held until the response
    is collected as garbage.
    """

    def __init__(self, call: Call, joiner: Joiner) -> None:
        self.pulling = False
        """Whether a chunk is being fetched: then the fetch tells how it ended."""
        self._call = call
        self._joiner = joiner
        self._fold_every = joiner.fold_every
        self._chunks: list[Any] = []
        self._first_ns: int | None = None
        self._last_ns = time.time_ns()
        _open.add(self)

    def take(self, chunk: Any) -> None:
        """Keep a reference to a chunk that goes to the user."""
        self._last_ns = time.time_ns()
        if self._first_ns is None:
            self._first_ns = self._last_ns
        self._chunks.append(chunk)
        if len(self._chunks) >= self._fold_every:
            self._fold()

    def finish(
        self, error: BaseException | None = None, *, end_time_ns: int | None = None
    ) -> None:
        """End the call with what has come; later calls change nothing."""
        if not _open.take(self):
            return
        self._fold()
        answer = None
        with guarded("join a model's stream"):
            answer = self._joiner.joined()
        self._call.finish(
            answer,
            None if isinstance(error, GeneratorExit) else error,
            first_chunk_ns=self._first_ns,
            last_chunk_ns=self._last_ns,
            end_time_ns=end_time_ns,
        )

    def abandon(self) -> None:
        """End the call of a stream that nobody holds any more, as of its last chunk."""
        self.finish(end_time_ns=self._last_ns)

    def _fold(self) -> None:
        chunks, self._chunks = self._chunks, []
        with guarded("join a model's stream"):
            self._joiner.add(chunks)


class _Open:
    """The streams that are open: as the process ends they end as they are then."""

    is_ending_here = False

    def __init__(self) -> None:
        self._recordings: set[Recording] = set()

    def add(self, recording: Recording) -> None:
        """Remember a stream; a worker process may have nothing else to deliver."""
        if not self._recordings:
            endings.watch_first(self)
            endings.watch_process()
        self._recordings.add(recording)

    def take(self, recording: Recording) -> bool:
        """Forget a stream; False if another thread, or the end, was faster."""
        try:
            self._recordings.remove(recording)  # atomic
        except KeyError:
            return False
        return True

    def start_afresh(self) -> None:
        """Leave the streams of the parent to it."""
        self._recordings.clear()

    def end(self) -> None:
        """End the calls of all, before delivery sends the rest."""
        for recording in list(self._recordings):
            recording.abandon()


_open = _Open()


class Pulls:
    """An iterator that hands on what another one gives, and tells how it ended."""

    def __init__(self, inner: Iterator[Any], recording: Recording) -> None:
        self._inner = inner
        self._recording = recording

    def __iter__(self) -> "Pulls":
        return self

    def __next__(self) -> Any:
        recording = self._recording
        recording.pulling = True
        try:
            chunk = next(self._inner)
        except StopIteration:
            recording.finish()
            raise
        except BaseException as error:
            recording.finish(error)
            raise
        finally:
            recording.pulling = False
        recording.take(chunk)
        return chunk

    def close(self) -> None:
        """Close the other iterator, as the generator that it is."""
        self._inner.close()  # type: ignore[attr-defined]


class AsyncPulls:
    """The same for an asynchronous iterator."""

    def __init__(self, inner: AsyncIterator[Any], recording: Recording) -> None:
        self._inner = inner
        self._recording = recording

    def __aiter__(self) -> "AsyncPulls":
        return self

    async def __anext__(self) -> Any:
        recording = self._recording
        recording.pulling = True
        try:
            chunk = await anext(self._inner)
        except StopAsyncIteration:
            recording.finish()
            raise
        except BaseException as error:
            recording.finish(error)
            raise
        finally:
            recording.pulling = False
        recording.take(chunk)
        return chunk

    async def aclose(self) -> None:
        """Close the other iterator, as the generator that it is."""
        await self._inner.aclose()  # type: ignore[attr-defined]


def watch_stream(stream: Any, recording: Recording, *, is_async: bool) -> None:
    """Record what a ``Stream`` or ``AsyncStream`` gives to its user."""
    pulls: Callable[..., Any] = AsyncPulls if is_async else Pulls
    stream._iterator = pulls(stream._iterator, recording)
    _watch_end(stream.response, recording, is_async=is_async)


def watch_body(response: Any, recording: Recording, *, is_async: bool) -> None:
    """Record the decoded bytes of an HTTP response that the user reads themselves."""
    name = "aiter_bytes" if is_async else "iter_bytes"
    pulls: Callable[..., Any] = AsyncPulls if is_async else Pulls
    read = getattr(response, name)

    def recorded(chunk_size: int | None = None) -> Any:
        return pulls(read(chunk_size), recording)

    setattr(response, name, recorded)
    _watch_end(response, recording, is_async=is_async)


def _watch_end(response: Any, recording: Recording, *, is_async: bool) -> None:
    """Finish when the response is closed, or collected as garbage unclosed.

    Every way of closing ends in the response's own close: the stream's, its context
    manager's, the helpers' that ``chat.completions.stream()`` gives.
    """
    name = "aclose" if is_async else "close"
    close = getattr(response, name)

    def ended() -> None:
        vars(response).pop(name, None)
        if not recording.pulling:
            recording.finish()

    def recorded() -> None:
        try:
            close()
        finally:
            ended()

    async def arecorded() -> None:
        try:
            await close()
        finally:
            ended()

    setattr(response, name, arecorded if is_async else recorded)
    weakref.finalize(response, recording.abandon).atexit = False
