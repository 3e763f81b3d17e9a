"""What is explored: functions of `reference` at unknown counts, dividends, conversion ratios and assets."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import fields
from fractions import Fraction
from typing import Any

import sympy
import z3

from proofs.explorer import Function, Unknown
from proofs.views import Subject
from reference.charter import COMMON, Charter
from reference.liquidation import Distribution
from reference.position import NOTHING, Position, Undeclared
from reference.readings import Readings, UnpaidDiv

DEFAULTS = Readings()
ASSETS = Unknown("W")
COMMON_SHARES = Unknown("C")
SAMPLES = 60


def shares(name: str) -> Unknown:
    """Return the unknown number of outstanding shares of a class."""
    return COMMON_SHARES if name == COMMON else Unknown(f"n_{name}")


def declared(name: str) -> Unknown:
    """Return the unknown declared dividend of a series, $/share."""
    return Unknown(f"d_{name}")


COUNTED = {
    UnpaidDiv.DECLARED: "d",
    UnpaidDiv.LITERAL_EMPTY: "d",
    UnpaidDiv.UNDECLARED_CURRENT_YEAR: "y",
    UnpaidDiv.UNDECLARED_ALL: "z",
    UnpaidDiv.DECLARED_PLUS_UNDECLARED_CURRENT: "dy",
}
"""Which unpaid dividends join a preference: declared, undeclared of the current year, undeclared since issue (2(a))."""


def owed(charter: Charter, name: str) -> tuple[Unknown, ...]:
    """Return the unknown unpaid dividends that bear on a series, $/share; declared ones count for Cash Amounts."""
    kinds = COUNTED[DEFAULTS.unpaid_div]
    with_cash = "d" in kinds or name not in charter.electing
    return tuple(Unknown(f"{kind}_{name}") for kind in (kinds if with_cash else f"d{kinds}"))


def ratio(charter: Charter, name: str) -> Unknown:
    """Return the unknown conversion ratio of a series, which the code gets as a conversion price."""
    return Unknown(f"c_{name}", charter.series_named(name).original_issue_price.value)


def cap_table(charter: Charter, ratios: Iterable[str], dividends: bool = True) -> tuple[Unknown, ...]:
    """Return the unknowns of a cap table: counts of every class, dividends and the named conversion ratios."""
    names = [s.name for s in charter.series]
    unpaid = tuple(unknown for name in names for unknown in owed(charter, name)) if dividends else ()
    return (
        COMMON_SHARES,
        *(shares(name) for name in names),
        *unpaid,
        *(ratio(charter, name) for name in names if name in set(ratios)),
    )


def domain(unknowns: Iterable[Unknown]) -> tuple[z3.BoolRef, ...]:
    """Return what every valid position satisfies: ratios above zero, everything else not below it."""
    return tuple(u.term > 0 if u.name.startswith(("c_", "k_")) else u.term >= 0 for u in unknowns)


def position(charter: Charter, values: Mapping[str, Any], **more: Any) -> Position:
    """Return the position that unknowns, by name, describe; what is not named is zero or at its initial value."""
    names = [s.name for s in charter.series]
    given: dict[str, Any] = {
        "shares": {n: values[shares(n).name] for n in [*names, COMMON] if shares(n).name in values},
        "conversion_prices": {n: values[f"c_{n}"] for n in names if f"c_{n}" in values},
        "declared_dividends": {n: values[f"d_{n}"] for n in names if f"d_{n}" in values},
        "undeclared_dividends": {
            n: Undeclared(values.get(f"y_{n}", NOTHING), values.get(f"z_{n}", NOTHING))
            for n in names
            if f"y_{n}" in values or f"z_{n}" in values
        },
    }
    return Position(charter=charter, **(given | more))


def outcome(distribution: Distribution) -> dict[str, Any]:
    """Name the outputs of a distribution: x, undistributed, pay_A..., pref_A..., converted."""
    return {
        "x": distribution.per_common_share,
        "undistributed": distribution.undistributed,
        "converted": distribution.converted,
        **{f"pay_{name}": amount for name, amount in distribution.per_share.items()},
        **{f"pref_{name}": amount for name, amount in distribution.preferences.items()},
    }


def chosen(readings: Readings) -> dict[str, str]:
    """Return the readings that differ from the defaults."""
    return {
        f.name: str(getattr(readings, f.name))
        for f in fields(Readings)
        if getattr(readings, f.name) != getattr(DEFAULTS, f.name)
    }


def subject(
    label: str,
    function: Function,
    unknowns: tuple[Unknown, ...],
    closed: Mapping[str, sympy.Expr],
    readings: Readings = DEFAULTS,
    more: Iterable[z3.BoolRef] = (),
    samples: int = SAMPLES,
    seeds: Iterable[Mapping[str, Fraction]] = (),
) -> Subject:
    """Return a subject with its domain as hypotheses and sampled seeds.

    more: further hypotheses; seeds: further concrete inputs to start from.
    """
    return Subject(
        label=label,
        function=function,
        unknowns=unknowns,
        hypotheses=(*domain(unknowns), *more),
        seeds=(*seeds, *_samples(unknowns, samples)),
        readings=chosen(readings),
        closed=closed,
    )


def bounded(
    label: str,
    function: Function,
    unknowns: tuple[Unknown, ...],
    seeds: tuple[Mapping[str, Fraction], ...],
    readings: Readings = DEFAULTS,
    more: tuple[z3.BoolRef, ...] = (),
    free: tuple[Unknown, ...] = (),
) -> Subject:
    """Return a subject with its domain as hypotheses, whose closed forms are left to its checks.

    more: further hypotheses; free: unknowns of which nothing is assumed.
    """
    own = domain(u for u in unknowns if u not in free)
    return Subject(label, function, unknowns, (*own, *more), seeds, chosen(readings))


_CHOICES: dict[str, tuple[str, ...]] = {
    "n": ("0", "1", "1", "2", "3", "10"),
    "C": ("0", "1", "2", "10", "30"),
    "d": ("0", "0", "0", "1", "5", "10"),
    "y": ("0", "1", "5", "10"),
    "z": ("0", "1", "5", "10"),
    "c": ("1", "1/2", "2", "5", "1/5"),
    "k": ("1", "2", "1/2", "3"),
    "W": ("0", "5", "10", "20", "30", "50", "80", "100", "150", "200", "300", "500", "1000"),
}


def _samples(unknowns: tuple[Unknown, ...], count: int) -> tuple[dict[str, Fraction], ...]:
    """Return a fixed sample of small inputs; the solver finds whatever paths they miss."""
    generator = random.Random(0)
    return tuple({u.name: Fraction(generator.choice(_CHOICES[u.name[0]])) for u in unknowns} for _ in range(count))
