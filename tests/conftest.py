"""Fixtures for every room: a running collector, a store, a project of one's own."""

import itertools
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from clickhouse_listeners import library, start_listener, start_two_shards
from otlp_requests import forget_rows
from processes import CollectorProcess, start_collector

import tracer
from collector.storage.collectors import make_table
from collector.storage.engine import Store, open_store
from collector.storage.intake.views import install_views
from collector.storage.migrate import migrate
from tracer import _runtime, _setup
from tracer.client import Client

os.environ["TRACER_STRICT"] = "1"
# who starts the suite in the background, or by nohup, has its programs deaf to these
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
# how long an example takes tells of the machine, not of the code
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def collector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CollectorProcess]:
    """One real collector over an embedded store, shared by the whole session."""
    with start_collector(tmp_path_factory.mktemp("store")) as running:
        yield running


@pytest.fixture(scope="session", autouse=True)
def spool_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what tests and their programs cannot deliver out of the user's home."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRACER_SPOOL_DIR", str(tmp_path_factory.mktemp("spool")))
        yield


@pytest.fixture(autouse=True)
def _settings_of_its_own() -> Iterator[None]:
    """Have each test configure from the environment, not from the test before."""
    yield
    if not _runtime.state.settings.enabled:  # what is off stays so by `configure`
        tracer.shutdown()
    _setup.forget()


@pytest.fixture
def project() -> str:
    """A project name that no other test uses: isolation on what is shared."""
    return f"project-{next(_numbers)}"


@pytest.fixture
def live(collector: CollectorProcess, project: str) -> Iterator[Client]:
    """A client of a real collector, to which this process sends while a test runs."""
    tracer.configure(endpoint=collector.url, project=project)
    yield Client(collector.url)
    tracer.shutdown()


@pytest.fixture(scope="session")
def clickhouse_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A ClickHouse server: the one that is named, else listeners that we start."""
    if url := os.environ.get("TRACER_TEST_CLICKHOUSE_URL"):
        yield url
        return
    data_dir = tmp_path_factory.mktemp("clickhouse")
    with start_listener(_listeners(), data_dir) as url:
        yield f"{url}/tracer_test"


@pytest.fixture(scope="session")
def cluster_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A cluster of two shards, of listeners that we start."""
    data_dir = tmp_path_factory.mktemp("cluster")
    with start_two_shards(_listeners(), data_dir) as url:
        yield f"{url}/tracer_test?cluster=two&replicated=no"


def _listeners() -> Path:
    found = library()
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("npm is missing, and the server tests must run on CI")
        pytest.skip("npm is missing: it fetches ClickHouse's listeners for the tests")
    return found


@pytest.fixture(
    scope="session",
    params=[
        "chdb",
        pytest.param("server", marks=pytest.mark.server),
        pytest.param("cluster", marks=pytest.mark.server),
    ],
)
def store_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """Where a store is: embedded in this process, then the same tests on servers.

    A server gets the tests marked `every_store`; `TRACER_TEST_STORES` names which
    stores get all.
    """
    if request.param == "chdb":
        return f"chdb://{tmp_path_factory.mktemp('embedded')}"
    name = "clickhouse_url" if request.param == "server" else "cluster_url"
    return str(request.getfixturevalue(name))


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Leave out the stores that were not asked for."""
    asked = os.environ.get("TRACER_TEST_STORES", "")
    left = [item for item in items if not _is_wanted(item, asked.split(","))]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in set(left)]


def _is_wanted(item: pytest.Item, asked: list[str]) -> bool:
    called = getattr(item, "callspec", None)
    kind = called.params.get("store_url") if called else None
    if kind is None:
        return True
    if asked != [""]:
        return kind in asked
    if kind == "server":
        return item.get_closest_marker("every_store") is not None
    # two shards take a quarter of an hour: `make soak`, and test_once_on_a_server
    return kind == "chdb"


@pytest.fixture(scope="session")
def store(store_url: str) -> Iterator[Store]:
    """An open store with all its tables and views; chDB allows one a process."""
    opened = open_store(store_url)
    migrate(opened)
    make_table(opened)
    install_views(opened)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def few_rows(store: Store) -> None:
    """Begin a file of tests with empty tables.

    A change of stored rows goes through all parts that have not been merged yet: behind
    hundreds of tests it takes many times as long.
    """
    forget_rows(store)
