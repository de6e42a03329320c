"""Every small change of a source file that a test ought to notice."""

import ast
import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

OPERATORS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}
"""Operator → what it is changed to, one at a time."""

Change = Callable[[ast.AST], ast.AST | None]
"""Makes another node of a copy of one; None where there is nothing to change."""


@dataclass(frozen=True)
class Mutant:
    """A file with one place changed."""

    path: Path
    """The file, relative to the house."""

    line: int
    """Where it is changed, from 1."""

    text: str
    """The whole line, as it is written."""

    was: str
    """The place in it."""

    becomes: str
    """The place as it is changed."""

    place: int
    """Number of the node, in the order of `ast.walk`."""

    change: int
    """Number of the change among those of the node."""

    @property
    def name(self) -> str:
        """The file, the line's text and the change; numbers of lines move."""
        return f"{self.path}: {self.text}: {self.was} -> {self.becomes}"


def mutants(path: Path, house: Path) -> list[Mutant]:
    """Return every change of a file, top to bottom."""
    source = (house / path).read_text("utf-8")
    tree, lines = ast.parse(source), source.splitlines()
    skipped = _skipped(tree)
    found = []
    for place, node in enumerate(ast.walk(tree)):
        if node in skipped:
            continue
        for number, change in enumerate(_changes(node)):
            changed = change(copy.deepcopy(node))
            if changed is not None:
                line, was, becomes = _told(node, changed)
                text = lines[line - 1].strip()
                found.append(Mutant(path, line, text, was, becomes, place, number))
    return sorted(found, key=lambda mutant: (mutant.line, mutant.place, mutant.change))


def code_of(mutant: Mutant, house: Path) -> CodeType:
    """Compile the changed file; its lines stay where they are."""
    tree = ast.parse((house / mutant.path).read_text("utf-8"))
    wanted = next(n for i, n in enumerate(ast.walk(tree)) if i == mutant.place)
    changed = list(_changes(wanted))[mutant.change](copy.deepcopy(wanted))
    assert changed is not None
    ast.copy_location(changed, wanted)
    _Put(wanted, changed).visit(tree)
    return compile(ast.fix_missing_locations(tree), str(house / mutant.path), "exec")


class _Put(ast.NodeTransformer):
    """Puts a node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self._new if node is self._old else self.generic_visit(node)


def _skipped(tree: ast.Module) -> set[ast.AST]:
    """Return what no run shows: types, docstrings, how a record is made.

    And that lists of one length are taken together strictly.
    """
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        hidden: Sequence[ast.AST | None] = ()
        match node:
            case ast.arg() | ast.AnnAssign():
                hidden = [node.annotation]
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                hidden = [node.returns]
            case ast.ClassDef():
                hidden = node.decorator_list
            case (
                ast.Expr(value=ast.Constant())
                | ast.If(test=ast.Name(id="TYPE_CHECKING"))
                | ast.Assign(value=ast.Call(func=ast.Name(id="TypeVar")))
                | ast.BinOp(op=ast.BitOr(), right=ast.Constant(value=None))
                | ast.keyword(arg="strict", value=ast.Constant(value=True))
            ):
                hidden = [node]
        for one in hidden:
            found.update(ast.walk(one) if one is not None else ())
    return found


def _changes(node: ast.AST) -> Iterator[Change]:
    yield from _of_operators(node)
    yield from _of_values(node)
    yield from _of_statements(node)


def _of_operators(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Compare(ops=[operator]):
            for other in OPERATORS[type(operator)]:
                yield _with(ops=[other()])
        case ast.BinOp() | ast.AugAssign() | ast.BoolOp():
            for other in OPERATORS.get(type(node.op), ()):
                yield _with(op=other())
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield lambda copied: copied.operand  # type: ignore[attr-defined, no-any-return]
        case ast.If() | ast.While() | ast.IfExp():
            if not isinstance(node.test, ast.Compare | ast.BoolOp | ast.UnaryOp):
                yield _with(test=ast.UnaryOp(ast.Not(), node.test))


def _of_values(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Constant(value=bool()):
            yield _with(value=not node.value)
        case ast.Constant(value=int() | float()):
            yield _with(value=node.value + 1)  # type: ignore[operator]
        case ast.Return(value=ast.AST() as value):
            if not isinstance(value, ast.Constant):
                yield _with(value=ast.Constant(None))


def _of_statements(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Break():
            yield lambda _: ast.Continue()
        case ast.Continue():
            yield lambda _: ast.Break()
        case ast.Expr() | ast.AugAssign() | ast.Raise():
            yield lambda _: ast.Pass()
        case ast.Assign(targets=[ast.Attribute(), *_]):
            yield lambda _: ast.Pass()


def _with(**fields: object) -> Change:
    def change(copied: ast.AST) -> ast.AST:
        for name, value in fields.items():
            setattr(copied, name, value)
        return copied

    return change


def _told(node: ast.AST, changed: ast.AST) -> tuple[int, str, str]:
    line: int = node.lineno  # type: ignore[attr-defined]
    texts = (ast.unparse(ast.fix_missing_locations(one)) for one in (node, changed))
    was, becomes = (text.partition("\n")[0] for text in texts)
    return line, was, becomes
