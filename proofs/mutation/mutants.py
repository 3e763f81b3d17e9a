"""Mutants: what is changed in a module, and which changes are not worth a run."""

from __future__ import annotations

import ast
import hashlib
import importlib
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import CodeType
from typing import Any

NAMED = ("module", "function", "operator", "before", "after", "place")
Identity = tuple[object, ...]


def identity_of(named: object) -> Identity:
    """Return what names a mutant, its outcome or its entry in the list of survivors: no line, as lines move."""
    return tuple(getattr(named, name) for name in NAMED)


class HarnessError(Exception):
    """Say why there can be no mutation run; the message is one sentence.

    status: of the command: 2 for bad input, 1 if the unmutated engine itself is the finding.
    """

    def __init__(self, message: str, status: int = 2) -> None:
        """Keep the exit status with the message."""
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Statement:
    """Hold where a statement stands, of a compound one only its head, and whether importing executes it."""

    first: int
    last: int
    function: str
    on_import: bool


@dataclass(frozen=True)
class Mutant:
    """Hold one change of one module: the lines that differ, without indentation, before and after.

    function: qualified name of the function or class, empty outside; place: which one, where the same change
    can be made more than once in a function; statement: where it stands; source: the whole module as changed.
    """

    module: str
    function: str
    operator: str
    before: str
    after: str
    place: int
    line: int
    statement: Statement
    source: str


class Swap:
    """Change a word or sign where it stands in a context; cosmic-ray has no operator for these."""

    def __init__(self, old: str, new: str, fits: Callable[[Any], bool]) -> None:
        """Replace a leaf's text: old by new, where the leaf fits."""
        self.old, self.new, self.fits = old, new, fits

    def mutation_positions(self, node: Any) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """Yield the node's place if it is to be changed."""
        if getattr(node, "value", None) == self.old and self.fits(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Change the node."""
        node.value = self.new
        return node


class ReverseStarred:
    """Reverse a tuple or list that is put together from others, as the ranks are."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """Yield the node's place if it is such a tuple."""
        if node.type == "testlist_comp" and any(child.type == "star_expr" for child in node.children):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Reverse the items, the commas staying where they are."""
        node.children[::2] = node.children[::2][::-1]
        return node


def _called(node: Any) -> bool:
    after = node.get_next_sibling()
    return after is not None and after.type == "trailer"


OWN_OPERATORS: Mapping[str, Any] = {
    "charterproof/Max_Min": Swap("max", "min", _called),
    "charterproof/Min_Max": Swap("min", "max", _called),
    "charterproof/AugmentedAdd_Sub": Swap("+=", "-=", lambda node: True),
    "charterproof/In_NotIn": Swap("in", "not in", lambda node: node.parent.type == "comparison"),
    "charterproof/NotIn_In": Swap("not", "", lambda node: node.parent.type == "comp_op" and "in" in _words(node)),
    "charterproof/Nothing_One": Swap("NOTHING", "(NOTHING + 1)", lambda node: True),
    "charterproof/ReverseStarred": ReverseStarred(),
}


def _words(node: Any) -> list[str]:
    return str(node.parent.get_code()).split()


IDLE = re.compile(
    r"core/(ReplaceBinaryOperator_\w+_(Bit\w+|[LR]Shift|Mod|Pow|FloorDiv)"
    r"|ReplaceComparisonOperator_((Eq|NotEq|[LG]tE?)_Is(Not)?|Is(Not)?_(Eq|NotEq|[LG]tE?))"
    r"|ReplaceUnaryOperator_USub_(Invert|Not))"
)
"""Operators that slip from exact arithmetic into something no reader takes for it; Traced numbers raise on most."""


def operators() -> dict[str, Any]:
    """Return every operator by name: cosmic-ray's that need no arguments and are not idle, then our own.

    Raise HarnessError where cosmic-ray is not installed.
    """
    plugins = _cosmic_ray("plugins")
    arguments = ("core/VariableReplacer", "core/VariableInserter")
    names = [name for name in plugins.operator_names() if name not in arguments and not IDLE.fullmatch(name)]
    return {name: plugins.get_operator(name)() for name in names} | dict(OWN_OPERATORS)


def _cosmic_ray(name: str) -> Any:
    # cosmic-ray is an extra, without type information: imported only where it is needed.
    try:
        return importlib.import_module(f"cosmic_ray.{name}")
    except ImportError as error:
        raise HarnessError("cosmic-ray is not installed: pip install '.[mutation]'.") from error


def mutants(module: str, source: str, only: Iterable[str] | None = None) -> tuple[list[Mutant], Counter[str]]:
    """Return the mutants of a module that are worth a run, and how many others there are, by reason.

    module: its name in `reference`; source: its text; only: names of operators, all by default.
    """
    found: list[Mutant] = []
    skipped: Counter[str] = Counter()
    times: Counter[Identity] = Counter()
    seen = {_meaning(source)}
    nodes = list(_cosmic_ray("ast").ast_nodes(_cosmic_ray("ast").get_ast(source)))
    places = statements(source)
    chosen = operators()
    for name in chosen if only is None else only:
        for occurrence, (node, line) in enumerate(_places(nodes, chosen[name])):
            reason = _beside_the_point(node)
            changed = None if reason else _cosmic_ray("mutating").mutate_code(source, chosen[name], occurrence)
            if changed is not None:
                reason = _no_change(changed, seen)
            if changed is None or reason:
                skipped[reason or "no mutation made"] += 1
                continue
            own = min((s for s in places if s.first <= line <= s.last), key=lambda s: s.last - s.first)
            named = (module, own.function, name, *_differing(source, changed))
            times[named] += 1
            found.append(Mutant(*named, times[named], line, own, changed))
    return sorted(found, key=lambda m: m.line), skipped


def _places(nodes: Iterable[Any], operator: Any) -> Iterator[tuple[Any, int]]:
    """Yield node and line of each occurrence, numbered as cosmic-ray numbers them."""
    for node in nodes:
        for start, _ in operator.mutation_positions(node):
            yield node, start[0]


def _beside_the_point(node: Any) -> str:
    """Say why a place is left out, or nothing: annotations are never evaluated, imports state no rule."""
    child, parent = None, node
    while parent is not None:
        if parent.type in ("import_name", "import_from"):
            return "in an import"
        if parent.type == "decorator":
            return "in a decorator"
        annotated = {"annassign": 1, "tfpdef": 2}.get(parent.type)
        if annotated is not None and child is parent.children[annotated]:
            return "in an annotation"
        if parent.type == "funcdef" and child is not None and child is parent.annotation:
            return "in an annotation"
        if parent.type == "expr_stmt" and parent.children[1].get_code().startswith(": TypeAlias"):
            return "in an annotation"
        child, parent = parent, parent.parent
    return ""


def _no_change(source: str, seen: set[str]) -> str:
    """Say why a changed module is not worth a run, or nothing, having noted it as seen."""
    try:
        meaning = _meaning(source)
    except (SyntaxError, ValueError):
        return "does not compile"
    if meaning in seen:
        return "same bytecode as the engine or an earlier mutant"
    seen.add(meaning)
    return ""


def _meaning(source: str) -> str:
    """Return a digest of a module's bytecode, line numbers apart."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        code = compile(source, "module", "exec", dont_inherit=True)
    return hashlib.sha256(repr(_content(code)).encode()).hexdigest()


def _content(code: CodeType) -> tuple[object, ...]:
    constants = [_content(c) if isinstance(c, CodeType) else _constant(c) for c in code.co_consts]
    names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    return (code.co_name, code.co_code, code.co_flags, code.co_exceptiontable, names, constants)


def _constant(value: object) -> str:
    # A frozenset is written in no fixed order.
    return repr(sorted(map(repr, value))) if isinstance(value, frozenset) else f"{type(value).__name__} {value!r}"


def _differing(before: str, after: str) -> tuple[str, str]:
    """Return the lines that differ between two texts, without indentation."""
    old, new = before.splitlines(), after.splitlines()
    while old and new and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    return "\n".join(line.strip() for line in old), "\n".join(line.strip() for line in new)


def statements(source: str) -> list[Statement]:
    """Return every statement of a module; the whole module stands for what is outside of all."""
    whole = Statement(1, source.count("\n") + 1, "", on_import=True)
    return [whole, *_statements(ast.parse(source), "", on_import=True)]


def _statements(owner: ast.AST, function: str, on_import: bool) -> Iterator[Statement]:
    for node in ast.iter_child_nodes(owner):
        defined = isinstance(node, (ast.FunctionDef, ast.ClassDef))
        inner = f"{function}.{node.name}".lstrip(".") if isinstance(node, (ast.FunctionDef, ast.ClassDef)) else function
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or node.lineno
            yield Statement(node.lineno, last, inner, on_import or defined)
        yield from _statements(node, inner, on_import and not isinstance(node, ast.FunctionDef))
