"""Reading and editing what a collector holds, from anywhere."""

from collections.abc import Mapping
from typing import Any

from tracer import _setup
from tracer._client.admin import Administration
from tracer._client.alerts import AlertRules
from tracer._client.api import Api, moment
from tracer._client.asking import Time, Where, rows_of
from tracer._client.datasets import Datasets, DatasetVersion
from tracer._client.documents import Documents
from tracer._client.jobs import Jobs
from tracer._client.judgements import Judgements
from tracer._client.judges import Judges
from tracer._client.online import OnlineRules
from tracer._client.queues import Queues
from tracer._client.records import EvaluationRun, Row, Session, Trace
from tracer._client.rows import Rows
from tracer._client.traffic import Traffic
from tracer._environment import from_environment

__all__ = [
    "Client",
    "DatasetVersion",
    "EvaluationRun",
    "Row",
    "Rows",
    "Session",
    "Time",
    "Trace",
    "Where",
]


class Client(
    Traffic,
    Judgements,
    Datasets,
    Documents,
    Jobs,
    Judges,
    OnlineRules,
    AlertRules,
    Queues,
    Administration,
):
    """A collector's data; the dashboard uses nothing else.

    Lists come newest first as `Rows` and ask for further pages as they are needed, up
    to ``limit`` rows, all of them with ``limit=None``. Without ``since``, lists cover
    the last 30 days.

    Args:
        endpoint: Address of the collector; by default what `tracer.configure` was
            told, else the environment (``TRACER_ENDPOINT``), else
            ``http://127.0.0.1:4318``.
        api_key: The collector's key, if it wants one; found in the same places.
        timeout_s: Longest wait for one answer.
        person: Who asks, for the collector's audit log: changes are noted with it.

    Raises:
        CollectorError: From every method: the collector is away, or refused. Its
            ``hint`` says what to do. `NotFoundError` and `ConflictError` are such.
    """

    def __init__(
        self,
        endpoint: str | None = None,
        api_key: str | None = None,
        *,
        timeout_s: float = 60.0,
        person: str | None = None,
    ) -> None:
        if endpoint is None or api_key is None:
            settings = (
                _setup.settings() if _setup.is_configured() else from_environment()
            )
            endpoint = settings.endpoint if endpoint is None else endpoint
            api_key = settings.api_key if api_key is None else api_key
        super().__init__(Api(endpoint, api_key, timeout_s=timeout_s, person=person))

    @property
    def endpoint(self) -> str:
        """Address of the collector."""
        return self._api.endpoint

    def __repr__(self) -> str:
        return f"Client({self.endpoint!r})"

    def sql(
        self,
        query: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        project: str | None = None,
    ) -> Rows:
        """Return the rows of one SELECT over ``spans``, ``scores``, ``evaluations``.

        docs/sql.md tells their columns. ``truncated`` says that there were more rows.

        Args:
            query: ClickHouse SQL, with placeholders as ``{name:String}``.
            parameters: Values of the placeholders.
            project: Only rows of this project.
        """
        asked = {"query": query, "parameters": dict(parameters or {})}
        return rows_of(self._api.ask("sql", asked | {"project": project}))

    def ledger(
        self, *, project: str | None = None, since: Time | None = None, limit: int = 100
    ) -> Rows:
        """Return what each process sent and what is stored of it, the latest first.

        ``since``: processes that sent something since then, in the last day if None.
        docs/delivery.md explains the columns, and what ``verdict`` cannot know.
        """
        asked = {"project": project, "since": moment(since), "limit": limit}
        return self._list("ledger", **asked)

    def access(self) -> Row:
        """Return what this client's key is and may do: ``key name project scopes``.

        Without a key, on loopback, ``key`` is None and ``scopes`` are all.
        """
        found: Row = self._api.get("access")
        return found

    def health(self) -> Row:
        """Return what the collector says about itself: versions, sizes, queue."""
        found: Row = self._api.get("health")
        return found
