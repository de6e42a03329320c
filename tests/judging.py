"""Judge models over a real socket, and what goes over it."""

import itertools
import json
from threading import Lock
from typing import Any

import openai

from tracer.judges import JudgeModel, Price

PRICE = Price(input_usd_per_mtok=1.0, output_usd_per_mtok=4.0)
_numbers = itertools.count(1)


class Wire:
    """Clients of the local server that keep the bodies of what they send."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.bodies: list[dict[str, Any]] = []
        self.most_at_once = 0
        self._at_once = 0
        self._lock = Lock()
        self._clients: list[Any] = []

    def model(
        self,
        scenario: str = "",
        *,
        asynchronous: bool = False,
        client: Any = None,
        **settings: Any,
    ) -> JudgeModel:
        """Return a judge model by a name that no other test has seen."""
        name = settings.pop("model", None) or f"judge-{next(_numbers)}"
        if client is None:
            make = self.async_client if asynchronous else self.client
            client = make(scenario)
        return JudgeModel(name, client=client, **settings)

    def client(self, scenario: str = "") -> openai.OpenAI:
        """Return a client whose requests ask for a scenario."""
        hooks: Any = {"request": [self._sent], "response": [self._answered]}
        client = openai.OpenAI(
            base_url=self.base_url,
            api_key="key",
            default_headers={"x-scenario": scenario},
            http_client=openai.DefaultHttpxClient(event_hooks=hooks),
        )
        self._clients.append(client)
        return client

    def async_client(self, scenario: str = "") -> openai.AsyncOpenAI:
        """Return the same for async callers; no connection outlives its request."""

        async def sent(request: Any) -> None:
            self._sent(request)

        async def answered(response: Any) -> None:
            self._answered(response)

        hooks: Any = {"request": [sent], "response": [answered]}
        return openai.AsyncOpenAI(
            base_url=self.base_url,
            api_key="key",
            default_headers={"x-scenario": scenario, "connection": "close"},
            http_client=openai.DefaultAsyncHttpxClient(event_hooks=hooks),
        )

    @property
    def data(self) -> str:
        """The user message of the last request."""
        message: str = self.bodies[-1]["messages"][1]["content"]
        return message

    @property
    def formats(self) -> list[bool]:
        """Of each request, whether it asked for structured output."""
        return ["response_format" in body for body in self.bodies]

    def close(self) -> None:
        for client in self._clients:
            client.close()

    def _sent(self, request: Any) -> None:
        with self._lock:
            self.bodies.append(json.loads(request.content))
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)

    def _answered(self, _: Any) -> None:
        with self._lock:
            self._at_once -= 1
