"""The same command gives the same bytes: no order comes from a set, whose order follows Python's hash seed."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from reference.oracle.verify.sources import telling_cases

ROOT = Path(__file__).parents[1]
SOURCES = sorted(path for package in ("reference", "symbolic", "proofs") for path in (ROOT / package).rglob("*.py"))
ORDERED_BY = {"sorted", "set", "frozenset", "sum", "min", "max", "any", "all", "len"}
"""What is called on a set without its order mattering."""
SEEDS = ("5", "11")
COMMAND = "from reference.oracle.command import main; raise SystemExit(main())"


def _is_set(node: ast.AST) -> bool:
    if isinstance(node, (ast.Set, ast.SetComp)):
        return True
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.BitOr, ast.BitAnd, ast.Sub, ast.BitXor)):
        return _is_set(node.left) or _is_set(node.right)
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("set", "frozenset")


def ordered_by_a_set(source: str) -> list[int]:
    """List the lines that take an order from a set: loops, comprehensions but of sets, and lists made of one."""
    tree = ast.parse(source)
    free: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ORDERED_BY:
            free |= {id(part) for argument in node.args for part in (argument, *getattr(argument, "generators", ()))}
        if isinstance(node, ast.SetComp):
            free |= {id(part) for part in node.generators}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.For) and _is_set(node.iter):
            found.append(node.lineno)
        if isinstance(node, ast.comprehension) and id(node) not in free and _is_set(node.iter):
            found.append(node.iter.lineno)
        if isinstance(node, (ast.List, ast.Tuple)):
            found += [e.lineno for e in node.elts if isinstance(e, ast.Starred) and _is_set(e.value)]
        if isinstance(node, ast.Call) and id(node) not in free and isinstance(node.func, (ast.Name, ast.Attribute)):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if name in ("list", "tuple", "join", "enumerate", "fromkeys") and any(map(_is_set, node.args)):
                found.append(node.lineno)
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_order_comes_from_a_set(path: Path) -> None:
    assert ordered_by_a_set(path.read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        "for x in {a, *b}: pass",
        "[x for x in set(a)]",
        "{x: 1 for x in set(a) | b}",
        "[*frozenset(a)]",
        "list({x for x in a})",
        "', '.join(set(a))",
        "dict.fromkeys(set(a))",
    ],
)
def test_the_check_can_fail(source: str) -> None:
    assert ordered_by_a_set(source) == [1]


@pytest.mark.parametrize("source", ["sorted(set(a))", "{x for x in set(a)}", "any(x for x in {1, 2})", "x in {1, 2}"])
def test_what_needs_no_order_is_let_be(source: str) -> None:
    assert ordered_by_a_set(source) == []


def _under(seed: str, *arguments: str, given: bytes = b"") -> bytes:
    run = subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments],
        input=given,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed},
        check=False,
    )
    assert run.returncode in (0, 1, 2), run.stderr
    return run.stdout


CASES = b"".join(msgspec.json.encode(own) + b"\n" for own in telling_cases())


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        (("answer",), CASES),
        (("readings", "-"), CASES.split(b"\n")[0]),
        (("prove", "--json", "--only", "history.step_opening"), b""),
        (("formula", "equilibrium"), b""),
    ],
    ids=["answer", "readings", "prove", "formula"],
)
def test_the_hash_seed_changes_no_byte(arguments: tuple[str, ...], given: bytes) -> None:
    first, second = (_under(seed, *arguments, given=given) for seed in SEEDS)
    assert first
    assert first == second


@pytest.mark.thorough
def test_the_hash_seed_changes_no_byte_of_a_run(tmp_path: Path) -> None:
    adapter = [sys.executable, str(ROOT / "examples/adapters/adapter.py")]
    written = []
    for seed in SEEDS:
        vectors, report = tmp_path / f"vectors-{seed}", tmp_path / f"report-{seed}"
        _under(seed, "vectors", "--out", str(vectors))
        _under(seed, "report", "--only", "cash_amounts.*", "--out", str(report))
        found = _under(seed, "verify", "--count", "30", "--question", "votes", "--json", "-", "--", *adapter)
        files = {
            p.relative_to(tmp_path / f"{p.relative_to(tmp_path).parts[0]}"): p.read_bytes()
            for folder in (vectors, report)
            for p in folder.rglob("*")
            if p.is_file()
        }
        written.append((found, files))
    assert written[0] == written[1]
