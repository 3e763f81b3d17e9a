"""Recapitalization of the Common: section 3(f).

After it a preferred share still converts into the same number of Common, and receives in their place what that
Common became. Only what each share of Common becomes can be computed; how the rest of section 3 applies
afterwards is left to the parties, as the clause leaves it (AMB-75). 3(h) rounds Common alone, so nothing is
rounded here.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from reference.conversion import conversion_ratio
from reference.position import NOTHING, Number, Position
from reference.readings import Readings
from reference.refusal import Forbidden


def property_per_share(
    position: Position, readings: Readings, units: Mapping[str, Fraction]
) -> dict[str, dict[str, Fraction]]:
    """Return what one share of each series receives on conversion: units by kind, exact, by series (3(f)).

    units: of each kind (new shares, $, other property) that one share of Common became. A series that nobody
    can convert is left out. Raise Forbidden if a number of units is negative.
    """
    _check(units)
    found = {}
    for series in position.charter.series:
        if series.conversion.by != "none":
            ratio = conversion_ratio(position, readings, series)
            found[series.name] = {kind: each * ratio for kind, each in units.items()}
    return found


def property_received(
    position: Position, readings: Readings, shares: Mapping[str, Number], units: Mapping[str, Fraction]
) -> dict[str, Fraction]:
    """Return what a holder receives who converts shares, by series, after a recapitalization: units by kind (3(f)).

    units: as for `property_per_share`. Raise Forbidden if a number of units or shares is negative, and for a
    series that does not convert.
    """
    each = property_per_share(position, readings, units)
    total = dict.fromkeys(units, NOTHING)
    for name, count in shares.items():
        if name not in each:
            raise Forbidden("no_conversion", "3(f)", f"Series {name} does not convert.")
        if count < 0:
            raise Forbidden("negative_shares", "3(f)", "No fewer than no shares can be converted.")
        for kind, amount in each[name].items():
            total[kind] = total[kind] + count * amount
    return total


def recapitalized_again(
    units: Mapping[str, Fraction], kind: str, further: Mapping[str, Fraction]
) -> dict[str, Fraction]:
    """Return what a share of Common has become after a second recapitalization, units by kind (3(f)).

    units: what it became at first; kind: which of these units the second one changes; further: what one such
    unit becomes. Raise Forbidden if there is no such kind or a number of units is negative.
    """
    _check(units)
    _check(further)
    if kind not in units:
        raise Forbidden("no_such_property", "3(f)", f"No share of Common has become {kind}.")
    result = {name: amount for name, amount in units.items() if name != kind}
    for name, amount in further.items():
        result[name] = result.get(name, NOTHING) + units[kind] * amount
    return result


def _check(units: Mapping[str, Fraction]) -> None:
    for amount in units.values():
        if amount < 0:
            raise Forbidden("negative_units", "3(f)", "A share of Common cannot become less than nothing.")
