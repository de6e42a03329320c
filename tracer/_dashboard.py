"""Where the dashboard is that shows what we send, and how its addresses are written."""

from datetime import UTC, datetime
from functools import cache
from urllib.parse import urlsplit

from tracer._environment import dashboard_url_told
from tracer._setup import settings
from tracer.errors import TracerError

USUAL_PORT = 8501
_MINUTE_NS = 60 * 10**9
PATIENCE_S = 1.0
"""How long a link may wait for the collector's word; without it the usual port."""


def dashboard_url(endpoint: str | None = None, api_key: str | None = None) -> str:
    """Return the dashboard's address, without a slash at its end.

    What ``TRACER_DASHBOARD_URL`` says; else what the collector was told; else port
    8501 of the collector's machine, where `tracer up` starts it by default.

    Args:
        endpoint: The collector; None = the one of the settings, with its key.
        api_key: Key for it.
    """
    if endpoint is None:
        endpoint, api_key = settings().endpoint, settings().api_key
    if known := dashboard_url_known(endpoint, api_key):
        return known
    place = urlsplit(endpoint)
    return f"{place.scheme}://{place.hostname}:{USUAL_PORT}"


def dashboard_url_known(endpoint: str, api_key: str | None) -> str:
    """Return the dashboard's address without a slash at its end, empty if unknown.

    Args:
        endpoint: The collector that is asked if the environment does not say.
        api_key: Its key.
    """
    if told := dashboard_url_told():
        return told.rstrip("/")
    try:
        return _told_by_collector(endpoint, api_key).rstrip("/")
    except TracerError:
        return ""  # away, or the key may only send


def period(since_ns: int, until_ns: int) -> str:
    """Return a period as the addresses of the dashboard's pages have it (``range``).

    Two moments in UTC, in whole minutes that hold all of it; the last does not belong.

    Args:
        since_ns: Its begin, nanoseconds since 1970.
        until_ns: Its end.
    """
    minutes = since_ns // _MINUTE_NS, -(-until_ns // _MINUTE_NS)
    ends = (datetime.fromtimestamp(minute * 60, UTC) for minute in minutes)
    return "..".join(end.strftime("%Y-%m-%dT%H:%MZ") for end in ends)


@cache
def _told_by_collector(endpoint: str, api_key: str | None) -> str:
    """Return what a collector says, asked once a process; empty if it does not know.

    Raises:
        CollectorError: It does not answer. It is asked again next time.
    """
    from tracer.client import Client

    health = Client(endpoint, api_key or "", timeout_s=PATIENCE_S).health()
    return str(health.get("dashboard_url") or "")
