"""The login file: single sign-on by OpenID Connect, and who has which role."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tracer.errors import ConfigurationError

ROLES: Final = ("viewer", "editor", "admin")
_NEEDED: Final = ("server_metadata_url", "client_id", "client_secret", "redirect_uri")
_OIDC_KEYS: Final = frozenset({*_NEEDED, "cookie_secret", "claim", "scope"})
LEAST_SECRET_CHARS: Final = 32


@dataclass(frozen=True)
class SingleSignOn:
    """What `st.login` needs, and the roles that its people have."""

    auth: Mapping[str, Any]
    """Streamlit's own settings: address of the provider, client, cookie."""

    claim: str = "email"
    """What the provider says of a person that roles go by."""

    roles: Mapping[str, list[str]] = field(default_factory=dict)
    """Role → patterns of the claim, as ``*@example.com``."""

    keys: Mapping[str, str] = field(default_factory=dict)
    """Role → key of the collector that its people are served with."""

    def __repr__(self) -> str:
        """Leave the secrets out."""
        return f"SingleSignOn({self.auth.get('server_metadata_url')!r})"


def read_login(path: Path) -> SingleSignOn:
    """Return what a login file says.

    Raises:
        ConfigurationError: It cannot be read, or lacks something; it says what.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _wrong(path, f"cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(path, f"is no TOML: {error}") from None
    oidc = dict(found.get("oidc") or {})
    if unknown := sorted((found.keys() - {"oidc", "roles", "keys"}) | _unknown(oidc)):
        raise _wrong(path, f"has {', '.join(unknown)}, which nobody reads")
    if missing := [key for key in (*_NEEDED, "cookie_secret") if not oidc.get(key)]:
        raise _wrong(path, f"lacks {', '.join(missing)} under [oidc]")
    if len(str(oidc["cookie_secret"])) < LEAST_SECRET_CHARS:
        raise _wrong(
            path, f"cookie_secret needs {LEAST_SECRET_CHARS} random characters"
        )
    if not str(oidc["redirect_uri"]).endswith("/oauth2callback"):
        raise _wrong(path, "redirect_uri must end in /oauth2callback")
    scope = {"client_kwargs": {"scope": oidc["scope"]}} if oidc.get("scope") else {}
    auth = {key: oidc[key] for key in (*_NEEDED, "cookie_secret")} | scope
    return SingleSignOn(
        auth=auth,
        claim=str(oidc.get("claim") or "email"),
        roles=_roles(path, found.get("roles")),
        keys=_keys(path, found.get("keys") or {}),
    )


def _unknown(oidc: Mapping[str, Any]) -> set[str]:
    return {f"oidc.{key}" for key in oidc.keys() - _OIDC_KEYS}


def _roles(path: Path, roles: Any) -> dict[str, list[str]]:
    if not isinstance(roles, dict) or not roles:
        raise _wrong(path, 'needs [roles], as admin = ["ann@example.com"]')
    for role, patterns in roles.items():
        fit = isinstance(patterns, list) and all(isinstance(p, str) for p in patterns)
        if role not in ROLES or not fit:
            hint = (
                f"gives roles.{role} wrong; roles are {', '.join(ROLES)}, each a list"
            )
            raise _wrong(path, hint)
    return dict(roles)


def _keys(path: Path, keys: Any) -> dict[str, str]:
    fit = isinstance(keys, dict) and all(
        role in ROLES and isinstance(key, str) for role, key in keys.items()
    )
    if not fit:
        raise _wrong(path, f"gives keys wrong; name {', '.join(ROLES)}, each a text")
    return dict(keys)


def _wrong(path: Path, what: str) -> ConfigurationError:
    return ConfigurationError(f"login file '{path}' {what}; docs/security.md has one")
