"""The ASGI application: the API's paths, and Azure's spelling of them."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route

from examples.openai_server.chat import Chat, chunks
from examples.openai_server.embeddings import embeddings_response
from examples.openai_server.failures import refusal
from examples.openai_server.quirks import bend_chunks, bend_completion
from examples.openai_server.responses import as_chat, events, response
from examples.openai_server.streaming import event_stream

Handler = Callable[[Request], Awaitable[Response]]


def create_app(*, seed: int = 0, failure_rate: float = 0.0) -> Starlette:
    """Return the server's application.

    Args:
        seed: Another seed gives other answers; the same gives the same.
        failure_rate: Share of prompts, 0 to 1, that are answered with a 500.
    """
    api = _Api(Chat(seed=seed), failure_rate=failure_rate)
    routes = [
        Route("/chat/completions", api.handler(api.chat), methods=["POST"]),
        Route("/responses", api.handler(api.responses), methods=["POST"]),
        Route("/embeddings", api.handler(api.embeddings), methods=["POST"]),
    ]
    return Starlette(
        routes=[
            Mount("/v1", routes=routes),
            Mount("/openai/deployments/{model}", routes=routes),
        ]
    )


class _Api:
    """The endpoints, each from a request's body to its response."""

    def __init__(self, chat: Chat, *, failure_rate: float) -> None:
        self._chat = chat
        self._failure_rate = failure_rate

    def handler(
        self, endpoint: Callable[[Request, dict[str, Any]], Response]
    ) -> Handler:
        """Wrap an endpoint with what all share: the body, the key, the failures."""

        async def handle(request: Request) -> Response:
            body = await request.json()
            refused = refusal(request, body, failure_rate=self._failure_rate)
            response = refused or endpoint(request, body)
            response.headers["x-request-id"] = "req_local"
            return response

        return handle

    def chat(self, request: Request, body: dict[str, Any]) -> Response:
        scenario = request.headers.get("x-scenario", "")
        completion = bend_completion(self._chat.complete(body), scenario)
        if not body.get("stream"):
            return JSONResponse(completion)
        include_usage = bool((body.get("stream_options") or {}).get("include_usage"))
        streamed = chunks(completion, include_usage=include_usage)
        return _streaming(bend_chunks(list(streamed), scenario), scenario)

    def responses(self, request: Request, body: dict[str, Any]) -> Response:
        scenario = request.headers.get("x-scenario", "")
        answered = response(self._chat.complete(as_chat(body)), scenario)
        if not body.get("stream"):
            return JSONResponse(answered)
        return _streaming(events(answered), scenario, named=True)

    def embeddings(self, request: Request, body: dict[str, Any]) -> Response:
        return JSONResponse(embeddings_response(body))


def _streaming(
    chunks: Iterable[Mapping[str, Any]], scenario: str, *, named: bool = False
) -> Response:
    return StreamingResponse(
        event_stream(chunks, scenario=scenario, named=named),
        media_type="text/event-stream",
    )
