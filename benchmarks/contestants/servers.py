"""Servers that store traces: how each is started, and asked what it holds."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import urllib3


class ServerFailedError(Exception):
    """A server did not take the spans, or tell of them; says why in a line."""


class TraceServer:
    """One server on loopback, its store in a directory of its own."""

    title: ClassVar[str]
    """What the table calls it."""
    environment: ClassVar[str]
    """Its environment in versions.toml; empty for the one that runs the bench."""
    distribution: ClassVar[str]
    """Whose version is told."""
    ready_path: ClassVar[str]
    """Answers 200 once it works."""
    n_requests: ClassVar[int]
    """How many of the requests it gets."""
    n_senders: ClassVar[int]
    """How many send at a time: what serves it best."""
    headers: ClassVar[Mapping[str, str]] = {}
    """What its way in asks for besides."""

    def __init__(self, home: Path, *, port: int, second_port: int) -> None:
        self.home, self.port, self.second_port = home, port, second_port
        self.url = f"http://127.0.0.1:{port}"

    def command(self, bin_directory: Path) -> list[str]:
        """Return what starts it."""
        raise NotImplementedError

    def variables(self) -> dict[str, str]:
        """Return the environment variables that it needs."""
        return {}

    def n_readable(self) -> int:
        """Return how many spans its own API finds now."""
        raise NotImplementedError

    def _ask(self, path: str, body: object = None) -> Any:
        method = "GET" if body is None else "POST"
        try:
            answer = urllib3.request(
                method, f"{self.url}{path}", json=body, timeout=120
            )
        except urllib3.exceptions.HTTPError as error:
            raise ServerFailedError(f"{path}: {error}") from None
        if answer.status != 200:
            said = f"{path}: {answer.status} {answer.data[:300]!r}"
            raise ServerFailedError(said)
        return answer.json()


class Tracer(TraceServer):
    """Our collector over its embedded engine."""

    title, environment, distribution = "tracer", "", "tracer-evals"
    ready_path, n_requests, n_senders = "/readyz", 200, 16

    def command(self, bin_directory: Path) -> list[str]:
        start = [sys.executable, "-P", "-m", "collector", "--port", str(self.port)]
        return [*start, "--grpc-port", "0", "--store", f"chdb://{self.home}/store"]

    def n_readable(self) -> int:
        rows = self._ask("/api/v1/projects")["rows"]
        return sum(int(row["n_spans"]) for row in rows)


class Phoenix(TraceServer):
    """Arize Phoenix over SQLite, as `phoenix serve` comes."""

    title, environment, distribution = "Phoenix", "phoenix-server", "arize-phoenix"
    ready_path, n_requests, n_senders = "/healthz", 8, 4

    def command(self, bin_directory: Path) -> list[str]:
        return [str(bin_directory / "phoenix"), "serve"]

    def variables(self) -> dict[str, str]:
        return {
            "PHOENIX_WORKING_DIR": str(self.home),
            "PHOENIX_HOST": "127.0.0.1",
            "PHOENIX_PORT": str(self.port),
            "PHOENIX_GRPC_PORT": str(self.second_port),
            "PHOENIX_TELEMETRY_ENABLED": "false",
            "PHOENIX_ALLOW_EXTERNAL_RESOURCES": "false",
        }

    def n_readable(self) -> int:
        query = "{projects{edges{node{recordCount}}}}"
        told = self._ask("/graphql", {"query": query})["data"]["projects"]["edges"]
        return sum(int(edge["node"]["recordCount"]) for edge in told)


class Mlflow(TraceServer):
    """MLflow's tracking server over SQLite, as `mlflow server` comes."""

    title, environment, distribution = "MLflow", "mlflow-server", "mlflow"
    ready_path, n_requests, n_senders = "/health", 4, 2
    headers: ClassVar[Mapping[str, str]] = {"x-mlflow-experiment-id": "0"}

    def command(self, bin_directory: Path) -> list[str]:
        store = f"sqlite:///{self.home}/mlflow.db"
        start = [str(bin_directory / "mlflow"), "server", "--host", "127.0.0.1"]
        start += ["--port", str(self.port), "--backend-store-uri", store]
        return [*start, "--artifacts-destination", str(self.home / "artifacts")]

    def variables(self) -> dict[str, str]:
        return {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}

    def n_readable(self) -> int:
        asked = {
            "experiment_ids": ["0"],
            "view_type": "SPANS",
            "metric_name": "span_count",
            "aggregations": [{"aggregation_type": "COUNT"}],
        }
        told = self._ask("/api/3.0/mlflow/traces/metrics", asked)
        points = told.get("data_points", [])
        return sum(int(point["values"]["COUNT"]) for point in points)


PEERS: list[type[TraceServer]] = [Phoenix, Mlflow]
SERVERS: list[type[TraceServer]] = [Tracer, *PEERS]
