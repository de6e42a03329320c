"""Addresses and headers that requests are sent with, checked before they are used."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from tracer.errors import ConfigurationError

HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


def check_address(name: str, address: str) -> None:
    """Refuse what is no http address.

    Raises:
        ConfigurationError: It is none.
    """
    split = urlsplit(address)
    if split.scheme not in ("http", "https") or not split.hostname:
        raise ConfigurationError(
            f"{name} {address!r} is no http address; write it as 'http://host:4318'"
        )


def check_endpoint(endpoint: str) -> None:
    """Refuse what is no base address.

    Raises:
        ConfigurationError: It is none, or the address of one signal.
    """
    check_address("endpoint", endpoint)
    split = urlsplit(endpoint)
    if (path := split.path.rstrip("/")).endswith(("/v1/traces", "/v1/logs")):
        base = f"{split.scheme}://{split.netloc}{path.rpartition('/v1/')[0]}"
        raise ConfigurationError(
            f"endpoint {endpoint!r} is that of one signal; write {base!r}, "
            "the paths are put behind it"
        )


def check_key(key: str) -> str | None:
    """Return a key without the white space around it, None if nothing is left of it.

    It is never shown.

    Raises:
        ConfigurationError: It is none that a header can carry.
    """
    if not isinstance(key, str) or not HEADER_VALUE.fullmatch(bare := key.strip()):
        raise ConfigurationError(
            "api_key is no text that HTTP can carry, as with a line break within; give "
            "the key alone"
        )
    return bare or None


def check_headers(name: str, headers: Mapping[str, str]) -> None:
    """Refuse headers that HTTP cannot carry; their values are never shown.

    Raises:
        ConfigurationError: A name or a value is none.
    """
    for header, value in headers.items():
        if not isinstance(header, str) or not HEADER_NAME.fullmatch(header):
            raise ConfigurationError(f"{name}: {header!r} is no name of a header")
        if not isinstance(value, str) or not HEADER_VALUE.fullmatch(value):
            raise ConfigurationError(
                f"{name}: the value of {header!r} is no text that HTTP can carry"
            )
