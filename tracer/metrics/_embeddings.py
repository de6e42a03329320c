"""Meaning against meaning: the cosine of two texts' embeddings."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, finalize

from tracer._extras import require
from tracer._openai import wrap_openai
from tracer.errors import ConfigurationError
from tracer.evaluation._caught import Caught
from tracer.metrics._embedding_queue import TextQueue
from tracer.metrics._match import plain, references
from tracer.metrics._missing import missing_without_answer

if TYPE_CHECKING:
    from asyncio import Lock as Turn  # 30 ms, for those who need none

Vector = Sequence[float]
Vectors = dict[str, Any]
"""Unit vectors (numpy) by text."""


class _Embedded:
    """What both twins share: where vectors come from, and those that are known."""

    def __init__(
        self,
        embed: Any = None,
        *,
        model: str | None = None,
        name: str = "embedding_similarity",
        batch_size: int = 128,
        max_cached: int = 5_000,
    ) -> None:
        if not callable(embed) and model is None:
            raise ConfigurationError(
                "embedding_similarity needs model=, the name of an embedding model, "
                "or a function from a text to its vector"
            )
        if batch_size < 1 or max_cached < 0:
            raise ConfigurationError(
                f"batch_size={batch_size}, max_cached={max_cached}: "
                "give at least 1 and 0"
            )
        self.name = name
        self.author = f"{name}@{model}" if model else name
        self._embed = self._own_client() if embed is None else embed
        self._model = model
        self._max_cached = max_cached
        self._queue = TextQueue(batch_size=batch_size, most_extra=max_cached)
        self._turn = Lock()
        self._turns: WeakKeyDictionary[Any, Turn] = WeakKeyDictionary()
        self._cache: OrderedDict[str, Any] = OrderedDict()
        self._lock = Lock()

    def _own_client(self) -> Any:
        raise ConfigurationError(
            f"{type(self).__name__} needs an async function or client; give it first"
        )

    def _known(self, texts: Iterable[str]) -> Vectors:
        with self._lock:
            known = {text: self._cache[text] for text in texts if text in self._cache}
            for text in known:
                self._cache.move_to_end(text)
        return known

    def prepare_rows(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Note rows that are to be scored soon, so that their texts go together.

        Nothing is asked for yet. A run does this by itself; rows have ``expected``, and
        ``output`` where it is known.
        """
        if self._is_client:
            self._queue.expect(chain.from_iterable(map(_texts_of, rows)))

    @property
    def _is_client(self) -> bool:
        """Whether many texts can go in one request; a function takes one by one."""
        return not callable(self._embed)

    def _keep(self, texts: Sequence[str], vectors: Sequence[Vector]) -> Vectors:
        if len(vectors) != len(texts):
            raise ValueError(
                f"{len(texts)} texts were embedded, and {len(vectors)} vectors came"
            )
        found = {
            text: _unit(vector) for text, vector in zip(texts, vectors, strict=True)
        }
        self._queue.settle(texts)  # some may have been wanted in the meantime
        with self._lock:
            self._cache.update(found)
            while len(self._cache) > self._max_cached:
                self._cache.popitem(last=False)
        return found

    def _request(self, texts: Sequence[str]) -> dict[str, Any]:
        return {"model": self._model, "input": list(texts)}


class EmbeddingSimilarity(_Embedded):
    """Scores the cosine of output's and expected's embeddings, -1 to 1.

    With several expected texts, the highest. What is short of equal depends on the
    model: compare only scores of one model. An empty text is like nothing (0).

    Args:
        embed: A function from a text to its vector, or a client with
            ``embeddings.create`` (`openai.OpenAI` and what is like it). None takes
            `openai.OpenAI()`, which reads its settings from the environment, and
            records its calls.
        model: Name of the embedding model, for a client.
        name: Name of the score.
        batch_size: How many texts a client is given at a time.
        max_cached: How many texts' vectors are kept, the last used; a vector of 1,536
            numbers takes 12 kB.

    Raises:
        ConfigurationError: A client without `model`.
    """

    @missing_without_answer
    def score(self, output: str, expected: str | Iterable[str]) -> float:
        """Return the cosine, the highest over the references."""
        texts = [plain(output), *map(plain, references(expected))]
        return _highest(texts, self.vectors(filter(None, texts)))

    def vectors(self, texts: Iterable[str]) -> Vectors:
        """Return the unit vectors of texts, those unknown asked for in batches.

        Ask for many at once before a run: their scores then need no call of their own.
        """
        texts = [plain(text) for text in texts]
        found = self._known(texts)
        missing = [text for text in texts if text not in found]
        if missing and self._is_client:
            self._queue.want(missing)
            with self._turn:  # meanwhile others want more, which then goes together
                found |= self._asked_for(missing)
        elif missing:
            found |= self._asked_for(missing)
        return found

    def _asked_for(self, texts: Iterable[str]) -> Vectors:
        found = self._known(texts)
        for batch, others in self._queue.batches(_without(found, texts)):
            with Caught():  # a text of another row may be to blame
                if others:
                    both = [*batch, *others]
                    found |= self._keep(both, self._ask(both))
                    continue
            found |= self._keep(batch, self._ask(batch))
        return found

    def _own_client(self) -> Any:
        """Return a client with settings of the environment, whose calls are recorded.

        It is closed with the scorer, which alone knows of it.
        """
        openai = require("openai", extra="all", purpose="an embedding")
        client = openai.OpenAI()
        finalize(self, client.close)
        return wrap_openai(client)

    def _ask(self, texts: Sequence[str]) -> list[Vector]:
        if callable(self._embed):
            return [self._embed(text) for text in texts]
        return _in_order(self._embed.embeddings.create(**self._request(texts)))


class AsyncEmbeddingSimilarity(_Embedded):
    """The twin of `EmbeddingSimilarity` for async functions and clients."""

    @missing_without_answer
    async def score(self, output: str, expected: str | Iterable[str]) -> float:
        """Return the cosine, the highest over the references."""
        texts = [plain(output), *map(plain, references(expected))]
        return _highest(texts, await self.vectors(filter(None, texts)))

    async def vectors(self, texts: Iterable[str]) -> Vectors:
        """Return the unit vectors of texts, those unknown asked for in batches."""
        texts = [plain(text) for text in texts]
        found = self._known(texts)
        missing = [text for text in texts if text not in found]
        if missing and self._is_client:
            self._queue.want(missing)
            async with self._turn_here():
                found |= await self._asked_for(missing)
        elif missing:
            found |= await self._asked_for(missing)
        return found

    async def _asked_for(self, texts: Iterable[str]) -> Vectors:
        found = self._known(texts)
        for batch, others in self._queue.batches(_without(found, texts)):
            with Caught():
                if others:
                    both = [*batch, *others]
                    found |= self._keep(both, await self._ask(both))
                    continue
            found |= self._keep(batch, await self._ask(batch))
        return found

    def _turn_here(self) -> "Turn":
        """Return the lock of the loop that runs here: a scorer may outlive loops."""
        import asyncio

        loop = asyncio.get_running_loop()
        with self._lock:
            return self._turns.setdefault(loop, asyncio.Lock())

    async def _ask(self, texts: Sequence[str]) -> list[Vector]:
        if callable(self._embed):
            return [await self._embed(text) for text in texts]
        return _in_order(await self._embed.embeddings.create(**self._request(texts)))


def _texts_of(row: Mapping[str, Any]) -> list[str]:
    """Return what a row will have embedded; nothing of a row that cannot be scored."""
    expected = row.get("expected")
    given = [expected] if isinstance(expected, str) else expected
    texts = [row.get("output"), *(given if isinstance(given, list | tuple) else ())]
    known = [plain(text) for text in texts if isinstance(text, str)]
    return [text for text in known if text] if expected is not None else []


def _without(found: Vectors, texts: Iterable[str]) -> list[str]:
    return [text for text in texts if text not in found]


def cosine(left: Vector, right: Vector) -> float:
    """Return the cosine of two vectors, -1 to 1; 0 if one is of no length."""
    return _cosine(_unit(left), _unit(right))


def _in_order(response: Any) -> list[Vector]:
    return [one.embedding for one in sorted(response.data, key=lambda one: one.index)]


def _unit(vector: Vector) -> Any:
    numpy = require("numpy", extra="evals", purpose="an embedding")
    array = numpy.asarray(vector, dtype=numpy.float64)
    length = float(numpy.linalg.norm(array))
    return array / length if length else array


def _cosine(left: Any, right: Any) -> float:
    return max(-1.0, min(1.0, float(left @ right)))


def _highest(texts: Sequence[str], vectors: Mapping[str, Any]) -> float:
    output, *answers = texts
    if not output:
        return float("" in answers)
    return max(
        _cosine(vectors[output], vectors[answer]) if answer else 0.0
        for answer in answers
    )
