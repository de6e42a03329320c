"""One test for the plain and the asynchronous client: the same words for both."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from inspect import isawaitable
from operator import attrgetter
from typing import Any

import openai


class Way:
    """A client of either kind, asked in the same way."""

    def __init__(self, client: openai.OpenAI | openai.AsyncOpenAI) -> None:
        self.client = client

    async def ask(self, path: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method of the client by its path; await it if it must be."""
        return await done(attrgetter(path)(self.client)(*args, **kwargs))

    async def stream(self, path: str, **kwargs: Any) -> list[Any]:
        """Call a method that streams; return all chunks."""
        return await drained(await self.ask(path, stream=True, **kwargs))

    @asynccontextmanager
    async def opened(self, path: str, **kwargs: Any) -> AsyncIterator[Any]:
        """Enter what a method gives: a stream's manager, a streaming response."""
        manager = attrgetter(path)(self.client)(**kwargs)
        if hasattr(manager, "__aenter__"):
            async with manager as entered:
                yield entered
        else:
            with manager as entered:
                yield entered


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
