"""The register of clauses: each is implemented and tested, or says why not."""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest

from reference.charter import Charter
from reference.oracle.command import main
from reference.oracle.explain import Clause, clauses, explain, location, resolve
from reference.oracle.refusals import Refusal

ROOT = Path(__file__).parents[2]


REFERS_BACK = ("IV.C.1", "IV.C.2")
"""Rules of the Common that only refer back to those of the Preferred, whose code cites these."""


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def gaps(rule: Clause) -> list[str]:
    """List what a rule lacks: an implementation with an example, or a reason why there is none."""
    if rule.not_computable is not None:
        return [] if len(rule.not_computable) > 20 and not rule.code else ["no reason, or code all the same"]
    found = [] if rule.code else ["no code"]
    found += [] if rule.tests else ["no test"]
    for name in rule.code:
        try:
            code = resolve(name)
        except LookupError:
            found.append(f"no {name}")
            continue
        if not (code.__doc__ or "").strip():
            found.append(f"{name} has no docstring")
    for test in rule.tests:
        file, _, name = test.partition("::")
        if not (ROOT / file).exists() or name not in names_in(file):
            found.append(f"no {test}")
    return found


@pytest.mark.parametrize("rule", clauses(), ids=lambda rule: rule.id)
def test_a_rule_is_implemented_and_tested_or_says_why_not(rule: Clause) -> None:
    assert gaps(rule) == []


@pytest.mark.parametrize("rule", clauses(), ids=lambda rule: rule.id)
def test_the_code_of_a_rule_cites_its_section(rule: Clause) -> None:
    section = re.match(r"IV\.[A-C]|\d", rule.clause)
    if section is None or not rule.code or rule.id in REFERS_BACK:
        return
    sources = [(ROOT / location(name).partition(":")[0]).read_text() for name in rule.code]
    assert any(re.search(rf"\b{re.escape(section[0])}\W", source) for source in sources), rule.id


def test_gaps_are_noticed() -> None:
    sound = clauses()[0]
    assert gaps(sound) == []
    for broken in (
        Clause(sound.id, sound.clause, sound.says),
        Clause(sound.id, sound.clause, sound.says, sound.code),
        Clause(sound.id, sound.clause, sound.says, ("reference.liquidation.nothing",), sound.tests),
        Clause(sound.id, sound.clause, sound.says, sound.code, ("tests/test_liquidation.py::test_nothing",)),
        Clause(sound.id, sound.clause, sound.says, not_computable=""),
        Clause(sound.id, sound.clause, sound.says, sound.code, sound.tests, "a reason, although there is some code"),
    ):
        assert gaps(broken) != []


def test_every_clause_of_the_charter_is_in_the_register(quintus: Charter) -> None:
    cited = set(re.findall(r'clause = "([^"]+)"', (ROOT / "reference/charters/quintus-1999.toml").read_text()))
    known = {rule.clause for rule in clauses()}
    unknown = {c for c in cited if not any(k == c or k.startswith(f"{c}(") or c.startswith(f"{k}(") for k in known)}
    assert unknown <= {"IV.A", "IV.B", "3(a)", "3(b)", "5(a)"}


def test_identifiers_are_unique_and_numbered() -> None:
    names = [rule.id for rule in clauses()]
    assert len(names) == len(set(names)) == 115


def test_a_clause_is_explained(quintus: Charter) -> None:
    found = explain("2(b)", quintus)
    assert [rule["id"] for rule in found["rules"]] == ["2(b)-1", "2(b)-2", "2(b)-3"]
    assert "charterproof formula liquidation" in found["formulas"]
    assert "liquidation.caps_respected" in [theorem["id"] for theorem in found["theorems"]]
    whole = explain("2", quintus)
    assert {"2(a)-1", "2(c)", "2(d)"} <= {rule["id"] for rule in whole["rules"]}
    assert explain("IV.B.2(b)", quintus)["rules"] == found["rules"]


def test_a_clause_that_there_is_not(quintus: Charter) -> None:
    with pytest.raises(Refusal, match="is no clause"):
        explain("2(z)", quintus)


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "3(g)"]) == 0
    assert "not computed: A standard of good faith" in capsys.readouterr().out
    assert main(["explain", "2(c)", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rules"][0]["code"][0]["name"] == "reference.liquidation.is_liquidation"
    assert main(["explain", "9"]) == 2
    assert "unknown_clause" in capsys.readouterr().err
