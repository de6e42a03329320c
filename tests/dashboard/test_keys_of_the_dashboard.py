"""The dashboard shows what its key may read, and says what it may not do."""

from collections.abc import Iterator

import pytest
from dashboard_pages import page, rows, said
from guarded import ADMIN, Guarded, guarded_collector
from streamlit.testing.v1 import AppTest

from tracer import Client


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with guarded_collector(tmp_path_factory.mktemp("guarded")) as running:
        admin = Client(running.url, ADMIN)
        for project in ("mine", "theirs"):
            example = {"inputs": {"question": f"{project}?"}}
            admin.save_dataset(f"{project}-set", [example], project=project)
        yield running


def confirm_deletion() -> None:
    """The dialog that AppTest cannot open, as a page."""
    from dashboard import data
    from dashboard.parts.dataset.actions import _delete

    _delete(data.dataset_page("mine-set", "mine"))


def test_a_key_that_only_reads_shows_pages_and_is_refused_an_edit(
    guarded: Guarded,
) -> None:
    key = guarded.make("read")
    app = page(guarded.url, "datasets", api_key=key, project="mine", dataset="mine-set")
    assert len(rows(app, "dataset-rows")) == 1

    app = AppTest.from_function(confirm_deletion, default_timeout=60)
    app.secrets["collector"] = {"url": guarded.url, "api_key": key}
    app.run().button(key="confirm").click().run()

    [error] = app.error
    assert "the key has no scope 'edit', only read" in said(error)
    assert Client(guarded.url, key).datasets(project="mine")


def test_a_key_of_one_project_shows_only_that(guarded: Guarded) -> None:
    key = guarded.make("read", project="mine")
    app = page(guarded.url, "datasets", api_key=key)
    assert [row["name"]["text"] for row in rows(app, "datasets")] == ["mine-set"]


def test_a_revoked_key_is_said_so(guarded: Guarded) -> None:
    key = guarded.make("read")
    guarded.call(ADMIN, "DELETE", f"/api/v1/keys/{key.split('_')[1]}")
    app = page(guarded.url, api_key=key)
    [error] = app.error
    assert "the key is revoked" in said(error)
