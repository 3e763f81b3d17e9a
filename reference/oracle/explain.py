"""What a clause says, and where it is implemented, expressed in closed form, proved and tested."""

from __future__ import annotations

import importlib
import inspect
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

import reference
from reference.charter import Charter
from reference.oracle.refusals import Refusal

Data = Mapping[str, Any]


class Clause(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hold one rule of the certificate: its clause, a paraphrase, and what implements and tests it.

    id: the clause, with a number where it has several rules; code: functions and types by full name; tests:
    by file and name; not_computable: why no code is needed, where none is.
    """

    id: str
    clause: str
    says: str
    code: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    not_computable: str | None = None


@cache
def clauses() -> tuple[Clause, ...]:
    """Return every rule of the certificate, in its order."""
    with open(os.path.join(os.path.dirname(__file__), "clauses.toml"), "rb") as file:
        return msgspec.convert(tomllib.load(file)["clause"], tuple[Clause, ...])


def explain(name: str, charter: Charter) -> Data:
    """Return what there is about a clause, such as "2(b)" or "3(d)(i)(A)", and the clauses below it.

    Raise Refusal if the certificate's register has no such clause.
    """
    wanted = name.removeprefix("IV.B.") if name.startswith("IV.B.") else name
    rules = [rule for rule in clauses() if wanted in (rule.id, rule.clause) or is_within(rule.clause, wanted)]
    if not rules:
        raise Refusal("unknown_clause", "CLAUSE", f"{name} is no clause of the register; 2(b) or 3(d)(i)(A) are.")
    return {
        "clause": wanted,
        "rules": [_rule(rule) for rule in rules],
        "formulas": _formulas(rules),
        "theorems": _theorems(wanted, charter),
    }


def is_within(clause: str, wanted: str) -> bool:
    """Say whether a clause is a part of another, as 2(a)(i) is of 2(a), or of section 2."""
    return clause.startswith(wanted) and clause[len(wanted) : len(wanted) + 1] in ("(", ".")


def _rule(rule: Clause) -> Data:
    found: dict[str, Any] = {"id": rule.id, "says": rule.says}
    if rule.not_computable is not None:
        return {**found, "not_computable": rule.not_computable}
    return {**found, "code": [{"name": name, "at": location(name)} for name in rule.code], "tests": list(rule.tests)}


def resolve(name: str) -> Any:
    """Return what a full name stands for; raise LookupError if there is nothing of that name."""
    module, _, attribute = name.rpartition(".")
    try:
        return getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise LookupError(name) from error


def location(name: str) -> str:
    """Return the file and line of a function or type, relative to the package's directory."""
    code = resolve(name)
    file = Path(inspect.getfile(code)).relative_to(Path(reference.__file__ or "").parent.parent)
    return f"{file}:{inspect.getsourcelines(code)[1]}"


def _formulas(rules: Iterable[Clause]) -> list[str]:
    """Name the closed forms of the sections that the rules' code is in."""
    from symbolic.formula import SECTIONS

    sections = {name.split(".")[1] for rule in rules for name in rule.code}
    return [f"charterproof formula {section}" for section in SECTIONS if section in sections]


def _theorems(wanted: str, charter: Charter) -> list[Data]:
    from proofs.run import theorems

    return [
        {"id": theorem.id, "statement": theorem.statement, "expected": str(theorem.expected)}
        for theorem in theorems(charter)
        if any(cited == wanted or is_within(cited, wanted) for cited in _cited(theorem.clauses))
    ]


def _cited(text: Any) -> list[str]:
    parts = re.split(r"[,;]\s*|\s+to\s+", text) if isinstance(text, str) else [str(part) for part in text]
    return [part.strip() for part in parts]


def as_text(found: Data) -> str:
    """Return what there is about a clause as plain lines."""
    lines = []
    for rule in found["rules"]:
        lines += [f"{rule['id']}: {rule['says']}"]
        if "not_computable" in rule:
            lines += [f"  not computed: {rule['not_computable']}"]
        lines += [f"  code  {code['name']}  ({code['at']})" for code in rule.get("code", ())]
        lines += [f"  test  {test}" for test in rule.get("tests", ())]
    lines += [f"formula  {command}" for command in found["formulas"]]
    lines += [f"theorem  {own['id']}: {own['statement']} ({own['expected']} is expected)" for own in found["theorems"]]
    return "\n".join(lines) + "\n"
