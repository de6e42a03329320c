"""Start-up: Streamlit as an ASGI app under our own uvicorn, configured in code."""

import asyncio
import importlib
import importlib.util
import signal
import socket
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import uvicorn
from starlette.middleware import Middleware

from dashboard.auth import Login
from dashboard.headers import QuietProbes, SafeHeaders
from dashboard.settings import LOOPBACK_HOSTS, DashboardSettings
from dashboard.wrong_paths import WrongPaths
from tracer._lifeline import follow_parent
from tracer.errors import ConfigurationError, MissingExtraError

HERE: Final = Path(__file__).parent
WARM: Final = (
    *("pandas", "pyarrow", "streamlit.elements.vega_charts", "tracer.stats"),
    *(
        ".".join(("dashboard", *path.relative_to(HERE).with_suffix("").parts))
        for path in sorted(HERE.glob("parts/**/[!_]*.py"))
    ),
)
MAX_MESSAGE_BYTES: Final = 64 * 1024 * 1024


def run(settings: DashboardSettings) -> None:
    """Serve the dashboard until SIGINT or SIGTERM; return normally after it.

    Prints ``dashboard listening on http://HOST:PORT`` once it answers.

    Raises:
        ConfigurationError: The address cannot be listened on.
    """
    _check_sign_on(settings)
    listener = _listen(settings)
    port: int = listener.getsockname()[1]
    app = _streamlit_app(settings, port=port)
    config = uvicorn.Config(
        app,
        log_level="warning",
        timeout_graceful_shutdown=3,
        timeout_keep_alive=30,
        server_header=False,
        ws="websockets-sansio",
        ws_max_size=MAX_MESSAGE_BYTES,
    )
    # uvicorn raises the signal again after its clean shutdown, which would end the
    # process with status 143; these handlers take it and let `run` return.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    if settings.lifeline:
        follow_parent()
    _Announcing(config, f"http://{_in_url(settings.host)}:{port}").run([listener])


class _Announcing(uvicorn.Server):
    """A uvicorn server that says when it answers."""

    def __init__(self, config: uvicorn.Config, url: str) -> None:
        super().__init__(config)
        self._url = url

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        _warm()
        await asyncio.sleep(0)
        if not self.should_exit:
            sys.stdout.write(f"dashboard listening on {self._url}\n")
            sys.stdout.flush()


def _check_sign_on(settings: DashboardSettings) -> None:
    """Find out before anybody signs in whether the library for it is there."""
    if settings.single_sign_on and importlib.util.find_spec("authlib") is None:
        raise MissingExtraError(
            "single sign-on needs Authlib: pip install 'tracer-evals[sso]'"
        )


def _listen(settings: DashboardSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        raise ConfigurationError(
            f"cannot listen on {settings.host}:{settings.port} ({error.strerror}); "
            "stop the other program there, or choose another port with --port "
            "(`tracer up`: --dashboard-port)"
        ) from None


def _streamlit_app(settings: DashboardSettings, *, port: int) -> Any:
    from streamlit.web import bootstrap

    # Internal name of Streamlit 1.67; the public `App.run` cannot take our listener.
    bootstrap.load_config_options(streamlit_options(settings, port=port))
    import streamlit as st

    middleware = [
        Middleware(SafeHeaders),
        Middleware(QuietProbes),
        Middleware(WrongPaths),
    ]
    if settings.login_kind == "key":
        middleware.append(
            Middleware(
                Login,
                collector_url=settings.collector_url,
                own_key=settings.api_key or "",
            )
        )
    return st.App(
        HERE / "app.py",
        secrets=secrets_of(settings),
        middleware=middleware,
        on_script_error=_show_error,
    )


def _show_error(error: Exception) -> bool:
    from dashboard.parts.states import show_error

    return show_error(error)


def _warm() -> None:
    """Load what the pages need, so that the first visitor does not wait for it."""
    for name in WARM:
        importlib.import_module(name)


def secrets_of(settings: DashboardSettings) -> dict[str, Any]:
    """Return `st.secrets`: how pages reach the collector, and how people sign in."""
    found: dict[str, Any] = {
        "collector": {"url": settings.collector_url, "api_key": settings.api_key or ""},
        "login": {"kind": settings.login_kind},
        "judges": {"base_url": settings.judge_base_url or ""},
    }
    if sso := settings.single_sign_on:
        found["auth"] = dict(sso.auth)
        known = {"claim": sso.claim, "roles": dict(sso.roles), "keys": dict(sso.keys)}
        found["login"] |= known
    return found


def streamlit_options(settings: DashboardSettings, *, port: int) -> dict[str, Any]:
    """Return Streamlit's whole configuration: our theme, and nothing phoned home."""
    theme = tomllib.loads((HERE / "theme.toml").read_text(encoding="utf-8"))
    hosts = sorted(LOOPBACK_HOSTS) if settings.is_loopback else []
    return _flat(theme) | {
        "browser.gatherUsageStats": False,
        "client.showErrorDetails": "type",
        "client.showErrorLinks": False,
        "client.toolbarMode": "minimal",
        "runner.magicEnabled": False,
        "server.address": settings.host,
        # Against DNS rebinding: a page of another name must not reach the loopback.
        "server.allowedHosts": hosts,
        "server.fileWatcherType": "none",
        "server.headless": True,
        "server.maxUploadSize": 50,
        "server.port": port,
    }


def _flat(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = value
    return flat


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
