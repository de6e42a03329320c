"""The ASGI application: the API's paths, and Azure's spelling of them."""

import asyncio
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import (
    JSONResponse,
    PlainTextResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Mount, Route

from examples.openai_server import (
    audio,
    completions,
    images,
    moderations,
    responses,
)
from examples.openai_server.chat import Chat, chunks
from examples.openai_server.embeddings import embeddings_response
from examples.openai_server.failures import not_found, refusal
from examples.openai_server.forms import body_of
from examples.openai_server.quirks import bend_chunks, bend_completion, scenario_of
from examples.openai_server.stored import Stored, StoredChats, compacted
from examples.openai_server.streaming import event_stream

Handler = Callable[[Request], Awaitable[Response]]
Body = dict[str, Any]

SLOW_S = 0.5
"""How long a request waits that asks for ``x-scenario: slow``."""


def create_app(*, seed: int = 0, failure_rate: float = 0.0) -> Starlette:
    """Return the server's application.

    Args:
        seed: Another seed gives other answers; the same gives the same.
        failure_rate: Share of prompts, 0 to 1, that are answered with a 500.
    """
    api = _Api(Chat(seed=seed), failure_rate=failure_rate)
    routes = [
        Route(path, api.handler(endpoint, model), methods=[method])
        for method, path, endpoint, model in (
            ("POST", "/chat/completions", api.chat, ""),
            ("GET", "/chat/completions", api.stored_chats, "gpt-"),
            ("GET", "/chat/completions/{id}/messages", api.stored_messages, "gpt-"),
            ("POST", "/completions", api.completions, ""),
            ("POST", "/responses", api.responses, ""),
            ("POST", "/responses/compact", api.compact, ""),
            ("POST", "/responses/{id}/cancel", api.cancel, "gpt-"),
            ("GET", "/responses/{id}", api.retrieve, "gpt-"),
            ("POST", "/embeddings", api.embeddings, ""),
            ("POST", "/moderations", api.moderations, "omni-moderation-latest"),
            ("POST", "/images/generations", api.images, "dall-e-2"),
            ("POST", "/images/edits", api.edited_images, "gpt-image-1"),
            ("POST", "/images/variations", api.images, "dall-e-2"),
            ("POST", "/audio/speech", api.speech, ""),
            ("POST", "/audio/transcriptions", api.transcriptions, ""),
            ("POST", "/audio/translations", api.transcriptions, ""),
        )
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
        self._stored = Stored()
        self._stored_chats = StoredChats()
        self._failure_rate = failure_rate
        self._tries = Counter[int]()

    def handler(
        self, endpoint: Callable[[Request, Body], Response], model: str
    ) -> Handler:
        """Wrap an endpoint with what all share: the body, the key, the failures.

        Args:
            endpoint: What answers the body.
            model: The model of requests that name none.
        """

        async def handle(request: Request) -> Response:
            body = await body_of(request)
            if model:
                body.setdefault("model", model)
            if _scenario(request) == "slow":
                await asyncio.sleep(SLOW_S)
            refused = refusal(
                request,
                body,
                failure_rate=self._failure_rate,
                tries=self._tried(body),
            )
            response = refused or endpoint(request, body)
            response.headers["x-request-id"] = "req_local"
            return response

        return handle

    def _tried(self, body: Body) -> int:
        """Return how often the same was asked before."""
        asked = zlib.crc32(repr((body.get("model"), body.get("messages"))).encode())
        self._tries[asked] += 1
        return self._tries[asked] - 1

    def chat(self, request: Request, body: Body) -> Response:
        scenario = _scenario(request) or scenario_of(body["model"])
        answered = self._chat.complete(body, scenario=scenario)
        completion = bend_completion(answered, scenario)
        if body.get("store"):
            self._stored_chats.keep(body, completion)
        if not body.get("stream"):
            return JSONResponse(completion)
        streamed = chunks(completion, include_usage=_wants_usage(body))
        return _streaming(bend_chunks(list(streamed), scenario), scenario)

    def stored_chats(self, request: Request, body: Body) -> Response:
        return JSONResponse(self._stored_chats.page(request.query_params))

    def stored_messages(self, request: Request, body: Body) -> Response:
        id = request.path_params["id"]
        if self._stored_chats.find(id) is None:
            return not_found("chat completion")
        return JSONResponse(self._stored_chats.messages(id, request.query_params))

    def completions(self, request: Request, body: Body) -> Response:
        answered = completions.completion(
            body,
            [
                self._chat.complete(completions.as_chat(body, prompt))
                for prompt in completions.prompts(body)
            ],
        )
        if not body.get("stream"):
            return JSONResponse(answered)
        streamed = completions.chunks(answered, include_usage=_wants_usage(body))
        return _streaming(streamed, _scenario(request))

    def responses(self, request: Request, body: Body) -> Response:
        scenario = _scenario(request)
        in_background = bool(body.get("background"))
        answered = self._stored.keep(
            self._answered(body, scenario), in_background=in_background
        )
        if not body.get("stream"):
            return JSONResponse(answered)
        whole = self._stored.find(answered["id"]) or answered
        return _streaming(responses.events(whole), scenario, named=True)

    def _answered(self, body: Body, scenario: str) -> Body:
        completion = self._chat.complete(responses.as_chat(body))
        with_logprobs = "message.output_text.logprobs" in (body.get("include") or ())
        answered = responses.response(completion, scenario, with_logprobs=with_logprobs)
        told = {"instructions": body.get("instructions")}
        return answered | told | {"tools": list(body.get("tools") or ())}

    def compact(self, request: Request, body: Body) -> Response:
        return JSONResponse(compacted(self._answered(body, _scenario(request))))

    def cancel(self, request: Request, body: Body) -> Response:
        stopped = self._stored.cancel(request.path_params["id"])
        return JSONResponse(stopped) if stopped else not_found("response")

    def retrieve(self, request: Request, body: Body) -> Response:
        found = self._stored.find(request.path_params["id"])
        if found is None:
            return not_found("response")
        if body.get("stream") != "true":
            return JSONResponse(found)
        after = int(body.get("starting_after", -1))
        told = self._stored.events_after(found, after)
        return _streaming(told, _scenario(request), named=True)

    def embeddings(self, request: Request, body: Body) -> Response:
        return JSONResponse(embeddings_response(body))

    def moderations(self, request: Request, body: Body) -> Response:
        return JSONResponse(moderations.moderation(body))

    def images(self, request: Request, body: Body) -> Response:
        return _images(request, body, 0, "image_generation")

    def edited_images(self, request: Request, body: Body) -> Response:
        given = body.get("image")
        n_pictures = len(given) if isinstance(given, list) else 1
        return _images(request, body, n_pictures, "image_edit")

    def speech(self, request: Request, body: Body) -> Response:
        if body.get("stream_format") == "sse":
            return _streaming(audio.speech_events(body), "", named=True)
        kind = audio.TYPES.get(body.get("response_format") or "mp3")
        return StreamingResponse(audio.spoken(body), media_type=kind)

    def transcriptions(self, request: Request, body: Body) -> Response:
        if body.get("stream"):
            told = audio.transcription_events(body)
            return _streaming(told, _scenario(request), named=True)
        answered = audio.transcription(body)
        if isinstance(answered, str):
            return PlainTextResponse(answered)
        return JSONResponse(answered)


def _images(request: Request, body: Body, n_pictures: int, kind: str) -> Response:
    if body.get("stream"):
        told = images.events(body, n_pictures, kind)
        return _streaming(told, _scenario(request), named=True)
    return JSONResponse(images.images(body, n_pictures))


def _scenario(request: Request) -> str:
    return request.headers.get("x-scenario", "")


def _wants_usage(body: Body) -> bool:
    return bool((body.get("stream_options") or {}).get("include_usage"))


def _streaming(
    chunks: Iterable[Mapping[str, Any]], scenario: str, *, named: bool = False
) -> Response:
    return StreamingResponse(
        event_stream(chunks, scenario=scenario, named=named),
        media_type="text/event-stream",
    )
