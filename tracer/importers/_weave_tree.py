"""Weave's calls by their parents."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from tracer.importers._records import Record
from tracer.importers._times import time_ns


class Tree:
    """Calls by their parents, in the order of time."""

    def __init__(self, calls: Mapping[str, Record]) -> None:
        self._calls = sorted(calls.values(), key=lambda one: time_ns(began(one)) or 0)
        self._children: dict[str, list[Record]] = defaultdict(list)
        for call in self._calls:
            self._children[str(call.get("parent_id"))].append(call)
        self._above_usage = _above_usage(calls)

    def of_op(self, op: str) -> Iterator[Record]:
        """Yield the calls of an op."""
        return (call for call in self._calls if op_of(call) == op)

    def children(self, call: Record) -> list[Record]:
        """Return the calls right below one."""
        return self._children[str(call["id"])]

    def below(self, call: Record) -> Iterator[Record]:
        """Yield every call below one, parents first."""
        waiting, seen = list(self.children(call)), {str(call["id"])}
        while waiting:
            one = waiting.pop(0)
            if str(one["id"]) not in seen:  # a circle ends
                seen.add(str(one["id"]))
                yield one
                waiting += self.children(one)

    def own_usage(self, call: Record) -> dict[str, Any]:
        """Return what a call itself used, by model; Weave adds it to all above it."""
        return {} if str(call["id"]) in self._above_usage else _usage(call)

    def end_ns(self, call: Record) -> int | None:
        """Return when a call ended; of an unfinished one, the last that is known."""
        if own_ns := time_ns(call.get("ended_at")):
            return own_ns
        below = (time_ns(one.get("ended_at") or began(one)) for one in self.below(call))
        return max((at_ns for at_ns in below if at_ns), default=None)


def op_of(call: Record) -> str:
    """Return the op's own name of ``weave:///entity/project/op/NAME:version``."""
    name = str(call.get("op_name") or "")
    return name.rpartition("/op/")[2].partition(":")[0] if "/op/" in name else name


def began(call: Record) -> Any:
    """Return when a call began, as it is written."""
    return call.get("started_at")


def mapping(value: Any) -> dict[str, Any]:
    """Return an object; an empty one for what is none."""
    return dict(value) if isinstance(value, Mapping) else {}


def _usage(call: Record) -> dict[str, Any]:
    return mapping(mapping(call.get("summary")).get("usage"))


def _above_usage(calls: Mapping[str, Record]) -> set[str]:
    """Return the ids of all calls that have one with usage below them."""
    above: set[str] = set()
    for call in calls.values():
        parent = calls.get(str(call.get("parent_id"))) if _usage(call) else None
        while parent is not None and str(parent["id"]) not in above:
            above.add(str(parent["id"]))
            parent = calls.get(str(parent.get("parent_id")))
    return above
