"""Checks a user's statement and writes it anew; the engine never sees their text.

The engine's read-only mode still reads files and every table (seen with engine 26.9).
So the parsed tree is bound to our views and rendered with every name quoted; of what
comes out, each word without quotes must be in the vocabulary.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from collector.api.refusals import Refusal, close_matches
from collector.storage.sql.jailed import Jailed, refused
from collector.storage.sql.vocabulary import VIEWS, is_function, is_word

DIALECT = "clickhouse"
SCHEMA = "public_v1"
MAX_LENGTH = 20_000
_PLAIN_TEXT = re.compile(r"[^'\\\x00]*")
_NAME = re.compile(r"[^\"`'\\\x00-\x1f]{1,200}")
_OURS = re.compile(r"given_[0-9]+")
_SIGNS = frozenset("( ) [ ] { } , . : = != <> < <= > >= + - * / % || -> ::".split())
logging.getLogger("sqlglot").setLevel(logging.ERROR)  # its warnings quote statements
_QUOTED = (TokenType.IDENTIFIER, TokenType.STRING, TokenType.NUMBER)


def jail(
    sql: str, parameters: Mapping[str, Any], *, project: str | None = None
) -> Jailed:
    """Return the statement as it may run.

    Args:
        sql: one SELECT over the views of `VIEWS`.
        parameters: values of its placeholders, ``{name:Type}``.
        project: only this project's rows.

    Raises:
        Refusal: 400 for anything else, with what to write instead.
    """
    try:
        return _jailed(_parsed(sql), parameters, project)
    except RecursionError:
        raise refused("the statement is nested too deeply", "write less") from None


def _jailed(
    tree: exp.Query, parameters: Mapping[str, Any], project: str | None
) -> Jailed:
    found = Jailed(is_confined=project is not None)
    _bind_values(tree, parameters, found)
    _check_lists(tree)
    _check_sources(tree)
    _check_names(tree)
    _bind_tables(tree, found, project)
    found.sql = tree.sql(dialect=DIALECT, identify=True, comments=False)
    _check_words(found.sql)
    _check_read(found.sql, is_confined=found.is_confined)
    return found


def _parsed(sql: str) -> exp.Query:
    if len(sql) > MAX_LENGTH:
        raise refused(f"the statement has {len(sql)} characters", "write less")
    try:
        trees = [tree for tree in sqlglot.parse(sql, dialect=DIALECT) if tree]
    except SqlglotError as error:
        said = re.sub(r"\x1b\[[0-9;]*m", "", str(error)).partition("\n")[0]
        hint = "write one SELECT in ClickHouse's dialect"
        raise refused(f"the statement cannot be read: {said}", hint) from None
    if not trees:
        raise refused("the query is empty", f"send a SELECT from {', '.join(VIEWS)}")
    if len(trees) > 1:
        raise refused(f"there are {len(trees)} statements", "send one SELECT")
    (tree,) = trees
    if not isinstance(tree, exp.Query):
        # the parser calls what it does not know COMMAND or COLUMN
        said = tree.name if tree.key in ("command", "column") else tree.key.upper()
        raise refused(
            f"{said!r:.40} is no SELECT; nothing else is answered here",
            f"send one SELECT from {', '.join(VIEWS)}; docs/sql.md has their columns",
        )
    return tree


def _bind_values(tree: exp.Query, parameters: Mapping[str, Any], found: Jailed) -> None:
    """Let parameters, and texts that need escapes, travel beside the statement."""
    for node in list(tree.find_all(exp.Placeholder, exp.Literal)):
        if isinstance(node, exp.Placeholder):
            kind = node.args.get("kind")
            if node.name not in parameters or not isinstance(kind, exp.DataType):
                hint = "write {name:Type} and give a value in parameters"
                raise refused(f"placeholder {node.name!r} has no value", hint)
            node.replace(_placeholder(found, parameters[node.name], kind.copy()))
        elif node.is_string and not _PLAIN_TEXT.fullmatch(node.this):
            node.replace(_placeholder(found, node.this, _text_type()))


def _placeholder(found: Jailed, value: Any, kind: exp.DataType) -> exp.Placeholder:
    """Return what stands for a value that travels beside the statement."""
    return exp.Placeholder(this=exp.var(found.give(value)), kind=kind)


def _text_type() -> exp.DataType:
    return exp.DataType.build("String", DIALECT)


def _check_lists(tree: exp.Query) -> None:
    """Refuse a name behind IN, also in brackets: the engine may take it for a table."""
    for node in tree.find_all(exp.In):
        named = any(item.find(exp.Identifier) for item in node.expressions)
        given = node.args.get("field")
        if named or not isinstance(given, exp.Placeholder | None):
            raise refused(
                "IN is followed by a name",
                "write IN (SELECT name FROM …) or IN {names:Array(String)}",
            )


def _check_sources(tree: exp.Query) -> None:
    """Refuse rows from anything that is not written as a table or a SELECT.

    Behind ARRAY JOIN, the parser makes columns of tables, in a SELECT there too: those
    would be bound to no view (seen with sqlglot 30).
    """
    for node in tree.find_all(exp.From, exp.Join):
        if isinstance(node, exp.Join) and node.args.get("kind") == "ARRAY":
            if node.find(exp.Query):
                raise refused(
                    "ARRAY JOIN of a SELECT", "join the SELECT, then unfold it"
                )
        elif not isinstance(node.this, exp.Table | exp.Subquery):
            raise refused("rows come from no table", f"read from {', '.join(VIEWS)}")


def _check_names(tree: exp.Query) -> None:
    for node in tree.find_all(exp.Identifier):
        if not _NAME.fullmatch(node.name):
            raise refused(
                f"name {node.name[:80]!r} has signs that names cannot have",
                "leave quotes and backslashes out of it",
            )


def _bind_tables(tree: exp.Query, found: Jailed, project: str | None) -> None:
    """Point every table at a view or a CTE."""
    ctes = _rename_ctes(tree)
    for table in list(tree.find_all(exp.Table)):
        _check_table(table)
        name = table.name
        alias = exp.TableAlias(this=exp.to_identifier(table.alias or name))
        if name in ctes and not table.db:
            table.set("this", exp.to_identifier(f"cte_{name}"))
        elif name in VIEWS and table.db in ("", SCHEMA):
            table.set("this", exp.to_identifier(f"{SCHEMA}_{name}"))
            table.set("db", None)
            if project is not None:
                _confine(table, alias, found, project)
                continue
        else:
            known = [*VIEWS, *ctes]
            raise refused(
                f"table {table.sql()!r} is not known", close_matches(name, known)
            )
        table.set("alias", alias)


def _rename_ctes(tree: exp.Query) -> set[str]:
    """Give CTEs names that no table has, and return the names that they had."""
    names = set()
    for cte in tree.find_all(exp.CTE):
        if not isinstance(cte.this, exp.Query) or cte.args["alias"].args.get("columns"):
            raise refused("WITH names no SELECT", "write WITH name AS (SELECT …)")
        names.add(cte.alias)
        cte.set("alias", exp.TableAlias(this=exp.to_identifier(f"cte_{cte.alias}")))
    return names


def _check_table(table: exp.Table) -> None:
    if not isinstance(table.this, exp.Identifier):
        raise refused(
            f"table function {table.this.name!r} is not allowed",
            f"read from {', '.join(VIEWS)}",
        )
    extra = {name for name, value in table.args.items() if value}
    extra -= {"this", "db", "alias"}
    alias = table.args.get("alias")
    if extra or (alias is not None and alias.args.get("columns")):
        raise refused(f"table {table.name!r} has extras", "write only its name")


def _confine(
    table: exp.Table, alias: exp.TableAlias, found: Jailed, project: str
) -> None:
    """Let a view stand for one project's rows of it."""
    given = _placeholder(found, project, _text_type())
    rows = exp.select("*").from_(exp.Table(this=table.this.copy()))
    rows = rows.where(exp.EQ(this=exp.column("project"), expression=given))
    table.replace(exp.Subquery(this=rows, alias=alias))


def _check_words(sql: str) -> None:
    """Refuse what is neither quoted nor a number nor in the vocabulary."""
    if "\\" in sql:
        raise refused("a backslash is not allowed here", "give it as a parameter")
    for token, after in _pairs(sqlglot.tokenize(sql, read=DIALECT)):
        calls = after is not None and after.token_type == TokenType.L_PAREN
        if token.comments:
            raise refused("a comment is not allowed here", "leave it out")
        if token.token_type in _QUOTED:
            _check_quoted(token, calls=calls)
        elif not re.match(r"\w", token.text):
            if token.text not in _SIGNS:
                raise refused(f"{token.text!r} is not allowed", "leave it out")
        elif not (_is_allowed(token.text) or (calls and is_function(token.text))):
            if calls:
                raise _unknown_function(token.text)
            raise refused(f"{token.text!r} is not allowed here", "leave it out")


def _check_read(sql: str, *, is_confined: bool) -> None:
    """Look once more at what will run: every name behind FROM and JOIN is ours.

    Of one project's statement, each view must stand in our own SELECT from it.
    """
    tokens = sqlglot.tokenize(sql, read=DIALECT)
    texts = [token.text for token in tokens]
    words = ["" if token.token_type in _QUOTED else token.text for token in tokens]
    views = {f"{SCHEMA}_{name}" for name in VIEWS}
    for at, word in enumerate(words):
        is_array_join = at and words[at - 1] == "ARRAY"
        if word == "FROM" or (word == "JOIN" and not is_array_join):
            name = "".join(texts[at + 1 : at + 2])
            if name != "(" and name not in views and not name.startswith("cte_"):
                raise refused(f"rows of {name[:80]!r}", f"read from {', '.join(VIEWS)}")
        if is_confined and texts[at] in views:
            behind = tuple(texts[at + 1 : at + 4])
            if not at or words[at - 1] != "FROM" or behind != _OF_PROJECT:
                raise refused(f"name {texts[at]!r} is not free", "choose another")


_OF_PROJECT = ("WHERE", "project", "=")


def _check_quoted(token: Token, *, calls: bool) -> None:
    if token.token_type == TokenType.IDENTIFIER and calls:
        raise _unknown_function(token.text)
    if token.token_type == TokenType.STRING and not _PLAIN_TEXT.fullmatch(token.text):
        raise refused(f"{token.text[:80]!r} is not allowed", "give it as a parameter")


def _is_allowed(text: str) -> bool:
    """Return whether each word of a token (``GROUP BY`` is one) may be used."""
    return bool(_OURS.fullmatch(text)) or all(map(is_word, text.split()))


def _pairs(tokens: list[Token]) -> Iterator[tuple[Token, Token | None]]:
    return zip(tokens, [*tokens[1:], None], strict=True)


def _unknown_function(name: str) -> Refusal:
    return refused(
        f"function {name!r} is not allowed",
        "docs/sql.md lists what is; functions that leave the rows are not",
    )
