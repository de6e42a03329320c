"""Whatever is sent to the API by its own description, it never fails with a 500."""

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from processes import CollectorProcess, start_collector

from collector.api.routes import ROUTES
from collector.openapi.document import openapi_document


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CollectorProcess]:
    with start_collector(tmp_path_factory.mktemp("anything")) as found:
        yield found


schema = schemathesis.openapi.from_dict(openapi_document(ROUTES))


@schema.parametrize()
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_request_makes_the_collector_fail(
    case: schemathesis.Case, running: CollectorProcess
) -> None:
    answer = case.call(base_url=f"{running.url}/api/v1", timeout=60)
    assert answer.status_code not in (500, 502), answer.text
    if answer.status_code >= 400:
        assert set(answer.json()["error"]) == {"code", "message", "hint"}
