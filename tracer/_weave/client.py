"""Weave's client: it sends what waits, and reads calls and feedback as Weave does."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, NoReturn

from tracer import _setup
from tracer._delivery import DeliveryReport
from tracer._weave.calls import Call, read_calls
from tracer._weave.feedback import FeedbackItem, items_of
from tracer.errors import ConfigurationError, NotFoundError
from tracer.evaluation._identity import hex_id
from tracer.evaluation._resuming import collector

_FIELD_OF: Final = {
    "op_names": "name",
    "trace_ids": "trace_id",
    "call_ids": "span_id",
    "parent_ids": "parent_span_id",
}
"""Key of Weave's filter → field of ours."""


class WeaveClient:
    """What `init` and `get_client` answer.

    What Weave's has beside is refused by name: `tracer.Client` reads all that is
    stored.
    """

    def __init__(self, project: str) -> None:
        self.project = project

    if not TYPE_CHECKING:  # type checkers find out by themselves

        def __getattr__(self, name: str) -> NoReturn:
            raise AttributeError(
                f"tracer.weave's client has no {name!r}, only finish, flush, get_call, "
                "get_calls, get_feedback and project; tracer.Client() reads and "
                "changes all that is stored (docs/client.md)"
            )

    def flush(self) -> DeliveryReport:
        """Send what waits."""
        return _setup.flush()

    def finish(self) -> DeliveryReport:
        """Send what waits."""
        return _setup.flush()

    def get_call(self, call_id: str) -> Call:
        """Return a call of the project that the collector has.

        Args:
            call_id: A call's `id`, 16 hexadecimal digits.

        Raises:
            ValueError: That is no id.
            NotFoundError: There is no such call (yet).
        """
        wanted = hex_id(call_id, what="call_id", n_digits=16)
        _setup.flush()
        for call in read_calls(where=[("span_id", "=", wanted)], limit=1):
            return call
        raise NotFoundError(
            f"no call {wanted!r}",
            status=404,
            code="not_found",
            hint=f"it is of another project than {self.project!r}, or on its way still",
        )

    def get_calls(
        self,
        filter: Mapping[str, Any] | None = None,
        *,
        limit: int | None = 100,
        **unknown: Any,
    ) -> Iterator[Call]:
        """Yield calls of the project, the newest first, each read anew.

        Args:
            filter: ``op_names trace_ids call_ids parent_ids``, lists each; an op by its
                name, or by Weave's reference of it.
            limit: The most that are wanted; None for all.
            unknown: What else Weave's takes.

        Raises:
            ConfigurationError: Something else is asked for.
        """
        given = {key: value for key, value in (filter or {}).items() if value}
        if refused := [*(given.keys() - _FIELD_OF.keys()), *unknown]:
            raise ConfigurationError(
                f"get_calls knows nothing of {', '.join(sorted(refused))}; filter by "
                f"{', '.join(_FIELD_OF)}, or ask tracer.Client().spans(where=…)"
            )
        where = [
            (_FIELD_OF[key], "in", [_name(one) for one in values])
            for key, values in given.items()
        ]
        _setup.flush()
        return read_calls(where=where, limit=limit)

    def get_feedback(
        self, *, reaction: str | None = None, limit: int = 1000
    ) -> list[FeedbackItem]:
        """Return what people said of calls of the project, the newest first.

        Args:
            reaction: Only reactions with this emoji.
            limit: The most that are wanted.
        """
        where = [("name", "=", "reaction"), ("label", "=", reaction)]
        _setup.flush()
        scores = collector().scores(
            project=self.project or None,
            since=0,
            where=where if reaction else [("source", "=", "user")],
            limit=limit,
        )
        return items_of(scores)


def _name(said: str) -> str:
    """Return the name that a reference such as ``weave:///team/p/op/ask:*`` has."""
    if not said.startswith("weave:///"):
        return said
    return said.rpartition("/")[2].partition(":")[0]
