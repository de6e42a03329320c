"""A judge model: any OpenAI-compatible endpoint, asked carefully."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from types import TracebackType
from typing import Any, Final, TypeVar

from tracer._openai import wrap_openai
from tracer._openai.patching import client_classes
from tracer.errors import ConfigurationError
from tracer.judges._abilities import abilities_of
from tracer.judges._asking import Steps
from tracer.judges._cache import ReplyCache
from tracer.judges._calling import Calling
from tracer.judges._carrying import InLoop, InThreads, Shelf
from tracer.judges._limits import RateLimit
from tracer.judges._loop import in_judges_loop
from tracer.judges._money import Budget, Price, Purse, Spending

T = TypeVar("T")

MAX_OUTPUT_TOKENS: Final = 2048


@dataclass(eq=False, kw_only=True)
class JudgeModel:
    """A model that judges, at any OpenAI-compatible address.

    Several judges may share one: they then share its limits, its spending and its
    cache. Whether the server has structured output is found out by the first request
    and remembered by address and model, as is what else it refuses. Calls are recorded
    as spans, by a copy of the client; the client itself is left as it was.

    Raises:
        ConfigurationError: There is neither a client nor an address, or both; a limit
            is not above 0; there is a spending limit or a budget's without a price.
        MissingExtraError: `openai` is not installed.
    """

    model: str = field(kw_only=False)
    """The model's name, as the endpoint knows it."""

    client: Any = field(default=None, repr=False)
    """An ``OpenAI`` or ``AsyncOpenAI`` client, Azure's too. Either serves sync and
    async callers: the one from threads, the other from a loop of its own."""

    base_url: str | None = None
    """Address of the endpoint instead, ending in ``/v1``; of a client its own."""

    api_key: str | None = field(default=None, repr=False)
    """Key for `base_url`; else ``OPENAI_API_KEY``, which the client reads."""

    temperature: float | None = 0.0
    """How much chance there is in an answer; None leaves it to the server. It is left
    out where it is refused, as by models that think."""

    seed: int | None = None
    """Asks the server for the same answer each time."""

    max_output_tokens: int = MAX_OUTPUT_TOKENS
    """The most tokens of one answer, thinking included."""

    options: Mapping[str, Any] = field(default_factory=dict)
    """Further arguments of ``client.chat.completions.create``."""

    concurrency: int = 8
    """The most requests at a time."""

    requests_per_minute: float | None = None
    """The most requests a minute, evenly spaced."""

    tokens_per_minute: float | None = None
    """The most tokens a minute, of prompts and answers."""

    retries: int = 4
    """How often a request that failed in passing is sent again. What the server says in
    ``Retry-After`` holds for all requests, if it is 120 s at most."""

    timeout_s: float = 60.0
    """Longest time of one request."""

    price: Price | None = None
    """What tokens cost; `Client.price` of the collector knows many."""

    spending_limit_usd: float | None = None
    """The most that may be spent. A request that could go over it is not made, and its
    score is a `SpendingLimitError`."""

    budget: Budget | None = field(default=None, repr=False)
    """A spending limit that other models share with this one."""

    cache: str | PathLike[str] | None = None
    """File in which replies are kept, so that no question is paid twice."""

    def __post_init__(self) -> None:
        """Make the client and what keeps it within its limits."""
        _refuse_not_above_zero(self)
        self._client = _own_client(self)
        self.base_url = str(self._client.base_url)
        self._purse = Purse(self.price, self.spending_limit_usd, self.budget)
        asked = _asked(self)
        self._calling = Calling(
            asked,
            address=self.base_url,
            abilities=abilities_of(self.base_url, self.model),
            limit=RateLimit(self.requests_per_minute, self.tokens_per_minute),
            purse=self._purse,
            retries=self.retries,
        )
        cache = None if self.cache is None else ReplyCache(self.cache)
        shelf = Shelf(cache, {**asked, "base_url": self.base_url}, self._purse)
        _, asynchronous = client_classes("a judge model")
        kind = InLoop if isinstance(self._client, asynchronous) else InThreads
        self._carrier: InLoop | InThreads = kind(
            self._client, self._calling, shelf, concurrency=self.concurrency
        )

    @property
    def spending(self) -> Spending:
        """What it was asked so far, and what that cost; the judged model's apart."""
        return self._purse.spending

    @property
    def has_structured_output(self) -> bool | None:
        """Whether the endpoint takes a JSON schema; None before its first answer."""
        return self._calling.abilities.has_structured_output

    def run(self, steps: Steps[T]) -> T:
        """Carry a judgement's questions to the server; return the judgement."""
        return self._carrier.run(steps)

    async def arun(self, steps: Steps[T]) -> T:
        """Do what `run` does, within a running loop."""
        return await self._carrier.arun(steps)

    def close(self) -> None:
        """Close the connections that judging opened; a given client stays open."""
        if self._client._client is getattr(self.client, "_client", None):
            return
        if isinstance(self._carrier, InLoop):
            in_judges_loop(self._client.close()).result()
        else:
            self._client.close()

    def __enter__(self) -> "JudgeModel":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _refuse_not_above_zero(model: JudgeModel) -> None:
    for name in (
        "max_output_tokens",
        "concurrency",
        "requests_per_minute",
        "tokens_per_minute",
        "timeout_s",
    ):
        value = getattr(model, name)
        if value is not None and value <= 0:
            raise ConfigurationError(f"{name}={value}; give more than 0")


def _own_client(model: JudgeModel) -> Any:
    """Return a client that leaves retries to us, and whose calls are recorded."""
    sync, asynchronous = client_classes("a judge model")
    client = model.client
    if (client is None) == (model.base_url is None):
        given = "neither" if client is None else "both"
        raise ConfigurationError(
            f"judge model {model.model!r} was given {given} of client= and base_url=; "
            "give one: a client that you have, or an address and api_key"
        )
    if client is None:
        client = sync(base_url=model.base_url, api_key=model.api_key)
    elif not isinstance(client, (sync, asynchronous)):
        raise ConfigurationError(
            f"client is a {type(client).__qualname__}; give an openai.OpenAI or "
            "AsyncOpenAI, or base_url="
        )
    options = {"max_retries": 0, "timeout": model.timeout_s}
    if isinstance(client, asynchronous):
        options |= _own_connections(client)
    return wrap_openai(client.with_options(**options))


def _own_connections(client: Any) -> dict[str, Any]:
    """Return connections apart from those of a client's own loop.

    A client of httpx that somebody gave to the client is taken as it is: nobody else
    knows its proxies, hooks and certificates.
    """
    from openai import DefaultAsyncHttpxClient
    from openai._base_client import AsyncHttpxClientWrapper

    is_given = not isinstance(client._client, AsyncHttpxClientWrapper)
    return {} if is_given else {"http_client": DefaultAsyncHttpxClient()}


def _asked(model: JudgeModel) -> dict[str, Any]:
    """Return the arguments that every request has."""
    asked = {
        "model": model.model,
        "temperature": model.temperature,
        "seed": model.seed,
        "max_completion_tokens": model.max_output_tokens,
        **model.options,
    }
    return {name: value for name, value in asked.items() if value is not None}
