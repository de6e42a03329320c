"""Carry a judgement's questions to the server, from threads or in a loop."""

import asyncio
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from typing import Any, TypeVar

from tracer.evaluation._blocking import in_thread
from tracer.judges._asking import Question, Reply, Steps
from tracer.judges._cache import ReplyCache, key_of
from tracer.judges._calling import Calling, Calls, Send, Wait
from tracer.judges._loop import in_judges_loop
from tracer.judges._money import Purse

T = TypeVar("T")


class Shelf:
    """Replies that are kept, if they are kept; those of one judge model.

    Args:
        cache: Where they are kept; None to keep none.
        asked: All of a request but the question, the address too: part of each key.
        purse: Counts what comes from here.
    """

    def __init__(
        self, cache: ReplyCache | None, asked: Mapping[str, Any], purse: Purse
    ) -> None:
        self._cache = cache
        self._asked = asked
        self._purse = purse

    def find(self, question: Question) -> Reply | None:
        """Return the reply that is kept."""
        if self._cache is None:
            return None
        found = self._cache.find(self._key(question))
        if found is not None:
            self._purse.count_cached()
        return found

    def keep(self, answered: list[tuple[Question, Reply]]) -> None:
        """Keep the replies of a judgement that could be read."""
        if self._cache is not None and answered:
            self._cache.keep([(self._key(one), reply) for one, reply in answered])

    def _key(self, question: Question) -> bytes:
        asked = {
            "messages": question.messages,
            "schema": question.schema,
            "repeat": question.repeat,
        }
        return key_of({**self._asked, **asked})


class InThreads:
    """Carries with an ``OpenAI`` client; safe among threads."""

    def __init__(
        self, client: Any, calling: Calling, shelf: Shelf, *, concurrency: int
    ) -> None:
        self._client = client
        self._calling = calling
        self._shelf = shelf
        self._slots = threading.BoundedSemaphore(concurrency)

    async def arun(self, steps: Steps[T]) -> T:
        """Return the judgement, made in a thread of its own."""
        return await in_thread(lambda: self.run(steps))

    def run(self, steps: Steps[T]) -> T:
        """Return the judgement."""
        answered: list[tuple[Question, Reply]] = []
        with closing(steps):
            try:
                question = next(steps)
                while True:
                    reply = self._shelf.find(question)
                    if reply is None:
                        reply = self._ask(question)
                        answered.append((question, reply))
                    question = steps.send(reply)
            except StopIteration as ended:
                judgement: T = ended.value
        self._shelf.keep(answered)
        return judgement

    def _ask(self, question: Question) -> Reply:
        abilities = self._calling.abilities
        with self._slots:
            if not abilities.is_known:
                with abilities.finding_out:
                    if not abilities.is_known:
                        return self._carry(self._calling.reply(question))
            return self._carry(self._calling.reply(question))

    def _carry(self, calls: Calls) -> Reply:
        with closing(calls):
            try:
                action = next(calls)
                while True:
                    action = calls.send(self._do(action))
            except StopIteration as ended:
                reply: Reply = ended.value
        return reply

    def _do(self, action: Wait | Send) -> Any:
        """Wait, or send; what the client raises is an answer too."""
        if isinstance(action, Wait):
            time.sleep(action.seconds)
            return None
        try:
            return self._client.chat.completions.create(**action.arguments)
        except Exception as error:
            return error


class InLoop:
    """Carries with an ``AsyncOpenAI`` client, in the loop of judges."""

    def __init__(
        self, client: Any, calling: Calling, shelf: Shelf, *, concurrency: int
    ) -> None:
        self._client = client
        self._calling = calling
        self._shelf = shelf
        self._slots = asyncio.Semaphore(concurrency)
        self._finding_out = asyncio.Lock()

    async def arun(self, steps: Steps[T]) -> T:
        """Return the judgement, awaited in whichever loop the caller has."""
        return await asyncio.wrap_future(in_judges_loop(self._run(steps)))

    def run(self, steps: Steps[T]) -> T:
        """Return the judgement; interrupting the caller ends it."""
        judging = in_judges_loop(self._run(steps))
        try:
            return judging.result()
        except BaseException:
            judging.cancel()
            raise

    async def _run(self, steps: Steps[T]) -> T:
        answered: list[tuple[Question, Reply]] = []
        with closing(steps):
            try:
                question = next(steps)
                while True:
                    reply = await asyncio.to_thread(self._shelf.find, question)
                    if reply is None:
                        reply = await self._ask(question)
                        answered.append((question, reply))
                    question = steps.send(reply)
            except StopIteration as ended:
                judgement: T = ended.value
        await asyncio.to_thread(self._shelf.keep, answered)
        return judgement

    async def _ask(self, question: Question) -> Reply:
        abilities = self._calling.abilities
        async with self._slots:
            if not abilities.is_known:
                async with self._finding_out:
                    if not abilities.is_known:
                        return await self._carry(self._calling.reply(question))
            return await self._carry(self._calling.reply(question))

    async def _carry(self, calls: Calls) -> Reply:
        with closing(calls):
            try:
                action = next(calls)
                while True:
                    action = calls.send(await self._do(action))
            except StopIteration as ended:
                reply: Reply = ended.value
        return reply

    async def _do(self, action: Wait | Send) -> Any:
        """Wait, or send; what the client raises is an answer too."""
        if isinstance(action, Wait):
            await asyncio.sleep(action.seconds)
            return None
        try:
            return await self._client.chat.completions.create(**action.arguments)
        except Exception as error:
            return error
