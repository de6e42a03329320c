"""People sign in, with a key of theirs or with their organisation's account."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import browser
import pytest
from browser import Visit
from guarded import ADMIN, Guarded, guarded_collector
from oidc_provider import CLIENT_ID, CLIENT_SECRET, Provider, provider
from playwright.sync_api import BrowserContext, expect
from processes import first_line, start_module, stop

from tracer import Client

pytestmark = pytest.mark.browser

LOGIN = """
[oidc]
server_metadata_url = "{url}/.well-known/openid-configuration"
client_id = "{id}"
client_secret = "{secret}"
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "0123456789abcdef0123456789abcdef"

[roles]
admin = ["boss@example.com"]
viewer = ["*@example.com"]
"""


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with guarded_collector(tmp_path_factory.mktemp("guarded")) as running:
        admin = Client(running.url, ADMIN)
        admin.save_dataset("set", [{"inputs": {"q": "?"}}], project="mine")
        yield running


@contextmanager
def dashboard(*options: str) -> Iterator[str]:
    process = start_module("dashboard", *options, "--port", "0", TRACER_API_KEY=ADMIN)
    try:
        said = first_line(process).removeprefix("dashboard listening on ").strip()
        yield said.replace("0.0.0.0", "127.0.0.1")
    finally:
        stop(process)


def test_a_key_leads_in_as_far_as_it_goes_and_out_again(
    chromium: BrowserContext, guarded: Guarded
) -> None:
    reader = guarded.make("read", project="mine")
    with (
        dashboard("--collector", guarded.url, "--host", "0.0.0.0") as base,
        browser.visit(chromium, base) as visit,
    ):
        page = visit.page
        page.goto(f"{base}/datasets?project=mine")
        page.get_by_label("API key").fill(reader)
        page.get_by_label("Your name").fill("영희")
        page.get_by_role("button", name="Sign in").click()
        visit.idle()
        expect(page.get_by_text("영희 · viewer")).to_be_visible()
        expect(page.get_by_role("heading", name="Datasets")).to_be_visible()
        assert "project=mine" in page.url
        assert reader not in page.content()

        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_label("API key")).to_be_visible()
        page.goto(f"{base}/datasets")
        expect(page.get_by_label("API key")).to_be_visible()


def test_a_key_that_is_revoked_shows_nothing_any_more(
    chromium: BrowserContext, guarded: Guarded
) -> None:
    key = guarded.make("read")
    with (
        dashboard("--collector", guarded.url, "--host", "0.0.0.0") as base,
        browser.visit(chromium, base) as visit,
    ):
        page = visit.page
        page.goto(base)
        page.get_by_label("API key").fill(key)
        page.get_by_role("button", name="Sign in").click()
        visit.idle()
        guarded.call(ADMIN, "DELETE", f"/api/v1/keys/{key.split('_')[1]}")
        page.goto(f"{base}/settings")
        visit.idle()
        expect(page.get_by_text("the key is revoked").first).to_be_visible()


@pytest.fixture
def organisation() -> Iterator[Provider]:
    with provider(email="boss@example.com", email_verified=True) as running:
        yield running


def sign_in(
    visit: Visit, organisation: Provider, *, sees: str, path: str = "/"
) -> None:
    """Go to the provider and back, which is the only way out."""
    visit.page.goto(visit.base + path)
    visit.page.get_by_role("button", name="Sign in").click()
    expect(visit.page.get_by_text(sees)).to_be_visible()
    visit.idle()
    assert all(url.startswith(organisation.url) for url in visit.outside)
    visit.outside.clear()


def test_an_account_of_the_organisation_leads_in_with_its_role(
    chromium: BrowserContext,
    guarded: Guarded,
    organisation: Provider,
    tmp_path: Path,
) -> None:
    login = tmp_path / "login.toml"
    login.write_text(
        LOGIN.format(url=organisation.url, id=CLIENT_ID, secret=CLIENT_SECRET)
    )
    options = ("--collector", guarded.url, "--login-file", str(login))
    with dashboard(*options) as base, browser.visit(chromium, base) as visit:
        page = visit.page
        # a link that somebody sent leads there, not to the start page
        way = {"sees": "boss@example.com · admin", "path": "/settings?section=keys"}
        sign_in(visit, organisation, **way)
        page.wait_for_url("**/settings?section=keys")
        expect(page.get_by_role("button", name="New key")).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()

        organisation.claims = {"email": "ann@example.com"}
        sign_in(visit, organisation, sees="ann@example.com · viewer")
        visit.open("/settings?section=keys")
        expect(page.get_by_text("Keys are for administrators")).to_be_visible()
        visit.open("/review?project=mine")
        expect(page.get_by_role("button", name="New queue")).to_have_count(0)
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()

        organisation.claims = {"email": "somebody@elsewhere.example"}
        sign_in(visit, organisation, sees="has no role here")
