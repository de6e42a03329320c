"""Without a key, pages of elsewhere neither read nor write what a collector holds."""

import json

import pytest
import urllib3
from processes import CollectorProcess

JSON = {"Content-Type": "application/json"}
SCORE = json.dumps(
    {"project": "origins", "name": "s", "value": 1, "trace_id": "1" * 32}
)


def ask(collector: CollectorProcess, method: str, path: str, **headers: str) -> int:
    body = SCORE.encode() if method == "POST" else None
    answer = urllib3.request(
        method, f"{collector.url}{path}", body=body, headers=JSON | headers
    )
    if answer.status == 403:
        assert answer.json()["error"]["code"] == "foreign_origin"
        assert "TRACER_API_KEY" in answer.json()["error"]["hint"]
    return answer.status


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("evil.example", 403),
        ("evil.example:4318", 403),
        ("127.0.0.1.evil.example", 403),
        ("localhost:4318", 200),
        ("127.0.0.1", 200),
        ("[::1]:4318", 200),
    ],
)
def test_a_name_that_was_made_to_mean_this_machine_reads_nothing(
    collector: CollectorProcess, host: str, status: int
) -> None:
    """`Host: evil.example` read everything: DNS rebinding."""
    assert ask(collector, "GET", "/api/v1/projects", Host=host) == status


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://evil.example", 403),
        ("null", 403),
        ("http://[", 403),
        ("http://localhost:8501", 200),
    ],
)
def test_a_page_of_elsewhere_writes_nothing(
    collector: CollectorProcess, origin: str, status: int
) -> None:
    """A POST of text/plain, which browsers send without asking, wrote scores."""
    assert ask(collector, "POST", "/api/v1/scores", Origin=origin) == status
    assert ask(collector, "GET", "/api/v1/projects", Origin=origin) == 200


def test_a_body_that_is_not_called_json_is_refused(collector: CollectorProcess) -> None:
    answer = urllib3.request(
        "POST",
        f"{collector.url}/api/v1/scores",
        body=SCORE,
        headers={"Content-Type": "text/plain"},
    )
    assert (answer.status, answer.json()["error"]["code"]) == (415, "unsupported")
