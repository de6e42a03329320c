"""Who may do what: by a key's scopes, or by what the organisation says of a person."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from dashboard.commands import dashboard
from dashboard.login_file import read_login
from dashboard.roles import role_of_claims, role_of_scopes
from dashboard.server import secrets_of
from dashboard.settings import DashboardSettings
from tracer.errors import ConfigurationError

LOGIN = {"roles": {"admin": ["boss@x.org"], "editor": ["*@x.org"], "viewer": ["*"]}}
FILE = """
[oidc]
server_metadata_url = "https://id.example/.well-known/openid-configuration"
client_id = "c"
client_secret = "hush-hush"
redirect_uri = "https://dash.example/oauth2callback"
cookie_secret = "0123456789abcdef0123456789abcdef"
claim = "groups"
[roles]
admin = ["llm-owners"]
[keys]
admin = "trk_a_b"
"""


@pytest.mark.parametrize(
    ("scopes", "role"),
    [
        (["ingest", "read", "edit", "admin"], "admin"),
        (["read", "edit"], "editor"),
        (["read"], "viewer"),
        (["ingest", "read"], "viewer"),
    ],
)
def test_a_keys_scopes_are_its_holders_role(scopes: list[str], role: str) -> None:
    assert role_of_scopes(scopes) == role


@pytest.mark.parametrize(
    ("claims", "role"),
    [
        ({"email": "Boss@X.org", "email_verified": True}, "admin"),
        ({"email": "ann@x.org"}, "editor"),
        ({"email": "ann@y.org"}, "viewer"),
        ({"email": "boss@x.org", "email_verified": False}, None),
        ({"name": "boss@x.org"}, None),
        ({"email": None}, None),
        ({}, None),
    ],
)
def test_the_highest_role_that_fits_is_given(
    claims: dict[str, Any], role: str | None
) -> None:
    assert role_of_claims(claims, LOGIN) == role


def test_any_claim_may_carry_the_roles() -> None:
    login = {"claim": "groups", "roles": {"editor": ["llm-*"]}}
    assert role_of_claims({"groups": ["staff", "llm-team"]}, login) == "editor"
    assert role_of_claims({"groups": "llm-team"}, login) == "editor"
    assert role_of_claims({"groups": ["staff", 5]}, login) is None


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "login.toml"
    path.write_text(text)
    return path


def test_a_login_file_gives_what_pages_and_streamlit_need(tmp_path: Path) -> None:
    sign_on = read_login(written(tmp_path, FILE))
    settings = DashboardSettings(host="0.0.0.0", api_key="k", single_sign_on=sign_on)
    secrets = secrets_of(settings)
    assert settings.login_kind == "oidc"
    assert secrets["auth"]["client_id"] == "c"
    assert secrets["login"]["roles"] == {"admin": ["llm-owners"]}
    assert secrets["login"]["claim"] == "groups"
    assert secrets["login"]["keys"] == {"admin": "trk_a_b"}
    assert "hush-hush" not in repr(settings)
    assert "trk_a_b" not in repr(settings)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('client_id = "c"\n', "", "lacks client_id"),
        ("0123456789abcdef0123456789abcdef", "short", "32 random characters"),
        ("/oauth2callback", "/", "must end in /oauth2callback"),
        ("[roles]", "[rules]", "has rules, which nobody reads"),
        ('claim = "groups"', 'clame = "groups"', "has oidc.clame"),
        ('admin = ["llm-owners"]', 'owner = ["x"]', "gives roles.owner wrong"),
        ('admin = ["llm-owners"]', 'admin = "x"', "gives roles.admin wrong"),
        ('admin = ["llm-owners"]', "", "needs [roles]"),
        ('admin = "trk_a_b"', "admin = 5", "gives keys wrong"),
        ("[oidc]", "[oidc", "is no TOML"),
    ],
)
def test_a_login_file_that_is_wrong_says_what(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    path = written(tmp_path, FILE.replace(old, new))
    with pytest.raises(ConfigurationError) as wrong:
        read_login(path)
    assert said in str(wrong.value)
    assert "hush-hush" not in str(wrong.value)


def test_a_login_file_that_is_not_there_ends_the_start_in_one_line(
    tmp_path: Path,
) -> None:
    done = CliRunner().invoke(dashboard, ["--login-file", str(tmp_path / "none.toml")])
    assert done.exit_code == 2
    assert "cannot be read" in done.output
