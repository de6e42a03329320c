"""A provider of single sign-on that signs everybody in as whom the test names."""

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from processes import wait_until
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

CLIENT_ID, CLIENT_SECRET = "tracer-dashboard", "a-secret-of-the-client"


@dataclass
class Provider:
    claims: dict[str, Any]
    """What is said of whoever signs in next."""

    url: str = ""
    """Where it listens; its issuer."""

    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048))
    asked: dict[str, str] = field(default_factory=dict)
    """Code → nonce of the sign-in that it belongs to."""

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.configuration),
                Route("/authorize", self.authorize),
                Route("/token", self.token, methods=["POST"]),
                Route("/jwks", self.jwks),
            ]
        )

    async def configuration(self, request: Request) -> JSONResponse:
        return JSONResponse(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/jwks",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    async def authorize(self, request: Request) -> RedirectResponse:
        asked = request.query_params
        code = secrets.token_hex(8)
        self.asked[code] = asked.get("nonce", "")
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 302)

    async def token(self, request: Request) -> JSONResponse:
        form = parse_qs((await request.body()).decode())
        now = int(time.time())
        claims = {
            **{"iss": self.url, "aud": CLIENT_ID, "sub": "1", "iat": now},
            **{"exp": now + 600, "nonce": self.asked.pop(form["code"][0])},
        }
        header = {"alg": "RS256", "kid": self.key.thumbprint()}
        signed = jwt.encode(header, claims | self.claims, self.key)
        token = {"access_token": "x", "token_type": "Bearer", "id_token": signed}
        return JSONResponse(token | {"expires_in": 600})

    async def jwks(self, request: Request) -> JSONResponse:
        key = self.key.as_dict(private=False) | {"kid": self.key.thumbprint()}
        assert KeySet.import_key_set({"keys": [key]})
        return JSONResponse({"keys": [key]})


@contextmanager
def provider(**claims: Any) -> Iterator[Provider]:
    """Run a provider in a thread until the block ends."""
    found = Provider(claims)
    config = uvicorn.Config(found.app(), port=0, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        wait_until(lambda: server.started)
        port = server.servers[0].sockets[0].getsockname()[1]
        found.url = f"http://127.0.0.1:{port}"
        yield found
    finally:
        server.should_exit = True
        thread.join()
