"""What a migration's statement becomes on a cluster: local tables, and one over them.

A table keeps its name for those who read and insert: that is a Distributed table. Its
rows lie in ``NAME_local`` on every shard, Replicated unless the address says otherwise.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from collector.errors import StorageError

LOCAL = "_local"

SHARDING_KEYS: Mapping[str, str] = {
    "spans": "cityHash64(trace_id)",
    "scores": "cityHash64(trace_id, evaluation_id, example_id)",
    "events": "cityHash64(trace_id)",
    "evaluation_events": "cityHash64(evaluation_id)",
    "receipts": "cityHash64(digest)",
    "removals": "cityHash64(digest)",
    "documents": "cityHash64(kind, project, id)",
    "dataset_versions": "cityHash64(project, dataset)",
}
"""What says which shard a row lies on; in other tables, what they are ordered by."""

_TABLE = re.compile(
    r"CREATE TABLE IF NOT EXISTS (?P<name>\w+)\s*(?P<columns>\(.*\))\s*"
    r"ENGINE = (?P<engine>\w*MergeTree)(?:\((?P<arguments>[^()]*)\))?"
    r"(?P<rest>.*)",
    re.DOTALL,
)
_VIEW = re.compile(r"CREATE VIEW IF NOT EXISTS (?P<name>\w+)(?P<rest>.*)", re.DOTALL)
_ALTER = re.compile(r"ALTER TABLE (?P<name>\w+)\s+(?P<commands>.*)", re.DOTALL)
_ORDER = re.compile(r"ORDER BY\s+(?P<key>\((?:[^()]|\([^()]*\))*\)|\w+)")
_OF_COLUMNS = re.compile(r"(ADD|DROP|RENAME|MODIFY|COMMENT) COLUMN\b")
_COMMENT = re.compile(r"--[^\n]*")


@dataclass(frozen=True)
class Cluster:
    """A cluster of the server's configuration."""

    name: str
    """As ``system.clusters`` has it."""

    database: str
    """Where the tables are, on each of its servers."""

    replicated: bool = True
    """Whether local tables are Replicated and DDL travels by ``ON CLUSTER``."""

    @property
    def on_cluster(self) -> str:
        """Return what follows a table's name in DDL."""
        return f" ON CLUSTER `{self.name}`" if self.replicated else ""

    def statements(self, statement: str) -> list[str]:
        """Return what a migration's statement becomes, in this order.

        Raises:
            StorageError: it is of a form that a cluster's tables are not made by.
        """
        text = _COMMENT.sub("", statement).strip()
        if table := _TABLE.fullmatch(text):
            return [self._local(table), self._distributed(table)]
        if view := _VIEW.fullmatch(text):
            name, rest = view["name"], view["rest"]
            return [f"CREATE VIEW IF NOT EXISTS {name}{self.on_cluster}{rest}"]
        if alter := _ALTER.fullmatch(text):
            return self._altered(alter["name"], alter["commands"])
        raise StorageError(f"a cluster cannot have {text[:80]!r}: of no known form")

    def _local(self, table: re.Match[str]) -> str:
        engine = table["engine"]
        arguments = [table["arguments"]] if table["arguments"] else []
        if self.replicated:
            path = "/clickhouse/tables/{shard}/{database}/{table}"
            engine = f"Replicated{engine}"
            arguments = [f"'{path}'", "'{replica}'", *arguments]
        given = f"({', '.join(arguments)})" if arguments else ""
        return (
            f"CREATE TABLE IF NOT EXISTS {table['name']}{LOCAL}{self.on_cluster}\n"
            f"{table['columns']}\nENGINE = {engine}{given}{table['rest']}"
        )

    def _distributed(self, table: re.Match[str]) -> str:
        name = table["name"]
        key = SHARDING_KEYS.get(name) or _key_of_order(table["rest"])
        return (
            f"CREATE TABLE IF NOT EXISTS {name}{self.on_cluster} AS {name}{LOCAL}\n"
            f"ENGINE = Distributed('{self.name}', '{self.database}', "
            f"'{name}{LOCAL}', {key})"
        )

    def _altered(self, name: str, commands: str) -> list[str]:
        """Change the local tables, and the one over them in what is of columns."""
        of_columns = [one for one in _split(commands) if _OF_COLUMNS.match(one)]
        made = [f"ALTER TABLE {name}{LOCAL}{self.on_cluster}\n    {commands}"]
        if of_columns:
            joined = ",\n    ".join(of_columns)
            made.append(f"ALTER TABLE {name}{self.on_cluster}\n    {joined}")
        return made


def _key_of_order(rest: str) -> str:
    found = _ORDER.search(rest)
    if found is None:
        raise StorageError("a cluster's table needs ORDER BY with columns")
    return f"cityHash64({found['key'].strip().removeprefix('(').removesuffix(')')})"


def _split(commands: str) -> list[str]:
    """Return the commands of an ALTER: what stands between its outermost commas."""
    parts, depth, start = [], 0, 0
    for place, sign in enumerate(commands):
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            parts.append(commands[start:place].strip())
            start = place + 1
    return [*parts, commands[start:].strip()]
