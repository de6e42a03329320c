"""One test for the plain and the asynchronous client: the same words for both."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from inspect import isawaitable
from operator import attrgetter
from typing import Any

import openai
import pytest


class Way:
    """A client of either kind, asked in the same way."""

    def __init__(self, client: openai.OpenAI | openai.AsyncOpenAI) -> None:
        self.client = client

    async def ask(self, path: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method of the client by its path; await it if it must be."""
        with _what_this_openai_has():
            return await done(self._method(path)(*args, **kwargs))

    async def stream(self, path: str, **kwargs: Any) -> list[Any]:
        """Call a method that streams; return all chunks."""
        return await drained(await self.ask(path, stream=True, **kwargs))

    @asynccontextmanager
    async def opened(self, path: str, **kwargs: Any) -> AsyncIterator[Any]:
        """Enter what a method gives: a stream's manager, a streaming response."""
        async with AsyncExitStack() as left_at_the_end:
            with _what_this_openai_has():
                manager = self._method(path)(**kwargs)
                if hasattr(manager, "__aenter__"):
                    entered = await left_at_the_end.enter_async_context(manager)
                else:
                    entered = left_at_the_end.enter_context(manager)
            yield entered

    def _method(self, path: str) -> Any:
        """Return a method; parsing helpers stood behind `beta` before openai 1.92."""
        try:
            return attrgetter(path)(self.client)
        except AttributeError:
            return attrgetter(f"beta.{path}")(self.client)


_LACKING = (
    *("unexpected keyword argument", "has no attribute"),
    *("Expected entry at", "is not JSON serializable"),
)


@contextmanager
def _what_this_openai_has() -> Iterator[None]:
    """Skip a test that needs what an old openai has not; the newest has all of it."""
    try:
        yield
    except (AttributeError, TypeError, RuntimeError) as error:
        is_old = int(openai.__version__.partition(".")[0]) < 3
        if is_old and any(words in str(error) for words in _LACKING):
            pytest.skip(f"openai {openai.__version__}: {error}")
        raise


async def done(value: Any) -> Any:
    """Return the value, awaited if it must be."""
    return await value if isawaitable(value) else value


async def drained(stream: Any) -> list[Any]:
    """Return all that is left in a stream of either kind."""
    if hasattr(stream, "__aiter__"):
        return [chunk async for chunk in stream]
    return list(stream)


async def read_until(stream: Any, wanted: Any) -> Any:
    """Read a stream of either kind to the first chunk that is wanted; return it."""
    if hasattr(stream, "__aiter__"):
        async for chunk in stream:
            if wanted(chunk):
                return chunk
    else:
        for chunk in stream:
            if wanted(chunk):
                return chunk
    return None
