"""What part of the store a read may and wants to see, and one page of it."""

import base64
import binascii
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from collector.api.refusals import Refusal
from collector.storage.conditions import Condition

Origin = Literal["production", "evaluation", "all"]
ORIGINS = ("production", "evaluation", "all")
_ORIGIN_SQL = {
    "production": " AND {table}.evaluation_id = ''",
    "evaluation": " AND {table}.evaluation_id != ''",
    "all": "",
}


@dataclass(frozen=True)
class Scope:
    """Projects, window and origin of the rows that take part."""

    projects: tuple[str, ...] | None = None
    """Only these projects; all if None, none if empty."""

    since_ns: int | None = None
    """First start time, UTC nanoseconds since 1970; from the beginning if None."""

    until_ns: int | None = None
    """First start time that no longer takes part; no end if None."""

    origin: Origin = "all"
    """Whether rows of evaluation runs take part."""

    prefix: str = ""
    """Before the parameters' names, where one statement uses two scopes."""

    def sql(self, table: str, *, time: str | None = None) -> str:
        """Return the condition over a table; its values are in `parameters`.

        Args:
            table: name that its columns carry in the statement.
            time: expression that lies in the window, the column ``ts`` if None.
        """
        time = time or f"{table}.ts"
        parts = [self.projects_sql(table)]
        if self.since_ns is not None:
            parts.append(f"{time} >= {self._moment('since_ns')}")
        if self.until_ns is not None:
            parts.append(f"{time} < {self._moment('until_ns')}")
        return " AND ".join(parts) + _ORIGIN_SQL[self.origin].format(table=table)

    def projects_sql(self, table: str) -> str:
        """Return only the condition on the project."""
        if self.projects is None:
            return "1"
        if len(self.projects) == 1:  # equality lets the engine read in key order
            return f"{table}.project = {{{self.prefix}project:String}}"
        return f"{table}.project IN {{{self.prefix}projects:Array(String)}}"

    @property
    def parameters(self) -> dict[str, Any]:
        """Values of the conditions above."""
        values: dict[str, Any] = {"since_ns": self.since_ns, "until_ns": self.until_ns}
        if self.projects is not None and len(self.projects) == 1:
            values["project"] = self.projects[0]
        elif self.projects is not None:
            values["projects"] = list(self.projects)
        return {f"{self.prefix}{k}": v for k, v in values.items() if v is not None}

    def _moment(self, name: str) -> str:
        return f"fromUnixTimestamp64Nano({{{self.prefix}{name}:Int64}}, 'UTC')"


@dataclass(frozen=True)
class Page:
    """Which rows of a list are wanted, in which order."""

    where: Sequence[Condition] = ()
    """What must hold of a row."""

    order: str = "-start"
    """Field, with ``-`` in front for largest first."""

    limit: int = 100
    """Rows wanted at most."""

    cursor: str | None = None
    """Where the page before ended."""

    @property
    def descending(self) -> bool:
        """Whether largest (newest) come first."""
        return self.order.startswith("-")


AFTER_TIME = "fromUnixTimestamp64Nano({after:Int64}, 'UTC')"
"""What stands for the last row's time; cursors carry its nanoseconds."""


@dataclass(frozen=True)
class Order:
    """One way of sorting a list: a value, then an id that settles ties."""

    value: str
    """Expression sorted by."""

    after: str
    """Placeholder expression for the value of the last row seen, ``{after:…}``."""

    id: str
    """FixedString column that settles ties."""

    id_bytes: int = 8
    """Length of that column."""

    @property
    def shown(self) -> str:
        """Return the expression of the value that a cursor carries."""
        if self.after == AFTER_TIME:
            return f"toUnixTimestamp64Nano({self.value})"
        return self.value

    def sql(self, *, descending: bool) -> str:
        """Return what follows ORDER BY."""
        direction = "DESC" if descending else "ASC"
        return f"{self.value} {direction}, {self.id} {direction}"

    def behind(self, page: Page, parameters: dict[str, Any]) -> str:
        """Return the condition for rows behind the page's cursor.

        The cursor's value and id join the parameters.

        Raises:
            Refusal: 400 for a cursor that is not ours, or of another order or list.
        """
        if page.cursor is None:
            return "1"
        value, digits = decode_cursor(page.cursor, order=page.order)
        is_whole = isinstance(value, int) and 0 <= value < 2**63
        fits = is_whole or "Float64" in self.after
        if len(digits) != 2 * self.id_bytes or not fits:
            raise _bad_cursor(page.cursor, order=page.order)
        parameters |= {"after": value, "after_id": digits}
        sign = "<" if page.descending else ">"
        row_id = f"toFixedString(unhex({{after_id:String}}), {self.id_bytes})"
        # The first half is for the primary key, which cannot use the pair.
        return (
            f"{self.value} {sign}= {self.after}"
            f" AND ({self.value}, {self.id}) {sign} ({self.after}, {row_id})"
        )


def order_of(page: Page, orders: Mapping[str, Order]) -> Order:
    """Return the order that a page asks for.

    Raises:
        Refusal: 400 for a field that this list is not sorted by.
    """
    name = page.order.removeprefix("-")
    if name in orders and (name == "start" or page.descending):
        return orders[name]
    known = ["start", *(f"-{name}" for name in orders)]
    raise Refusal(
        400,
        "bad_order",
        f"order {page.order!r} is not known here",
        hint=f"use one of {', '.join(known)}",
    )


def encode_cursor(order: str, value: object, digits: str) -> str:
    """Return the opaque mark of the last row of a page."""
    return base64.urlsafe_b64encode(orjson.dumps([order, value, digits])).decode()


def decode_cursor(cursor: str, *, order: str) -> tuple[Any, str]:
    """Return the value and the id's hex digits that a cursor holds.

    Raises:
        Refusal: 400 if it is not ours or belongs to another order.
    """
    try:
        made_for, value, digits = orjson.loads(base64.urlsafe_b64decode(cursor))
        bytes.fromhex(digits)
    except (ValueError, TypeError, binascii.Error):
        made_for, value, digits = None, None, ""
    if (
        made_for != order
        or isinstance(value, bool)
        or not isinstance(value, int | float)
        or not math.isfinite(value)
    ):
        raise _bad_cursor(cursor, order=order)
    return value, digits


def _bad_cursor(cursor: str, *, order: str) -> Refusal:
    return Refusal(
        400,
        "bad_cursor",
        f"cursor {cursor[:80]!r} does not belong to order {order!r} here",
        hint="pass `next` of the answer before, with the same parameters",
    )
