"""Counts of votes or shares, as answers show them."""

from __future__ import annotations

from typing import Literal

from reference.oracle.amounts import show
from reference.oracle.replies import Amounts, Reply, Text
from reference.voting import Tally


class TallyReply(Reply, frozen=True):
    """Hold what the classes that vote together have and gave, in votes or shares, and the least that suffices."""

    classes: list[str]
    counted: Literal["votes", "shares"]
    clause: str
    whole: Text
    needed: Text
    obtained: Text
    passes: bool


def tally_reply(tally: Tally) -> TallyReply:
    """Return a count as an answer shows it."""
    return TallyReply(
        classes=list(tally.classes),
        counted=tally.counted,
        clause=tally.threshold.clause,
        whole=show(tally.whole),
        needed=show(tally.needed),
        obtained=show(tally.obtained),
        passes=tally.passes,
    )


def tally_amounts(tally: Tally) -> Amounts:
    """Return the amounts of a count, for a step."""
    return {
        "whole": show(tally.whole),
        "threshold": show(tally.threshold.value),
        "needed": show(tally.needed),
        "obtained": show(tally.obtained),
    }


def verdict(tally: Tally, who: str) -> str:
    """Say in a sentence whether a count suffices."""
    if tally.whole == 0 and tally.passes:
        return f"{who}: nobody is there to be asked."
    must = "more than" if tally.threshold.strict else "at least"
    gave = "give" if tally.passes else "do not give"
    share = show(tally.threshold.value)
    return f"{who}: the holders in favour {gave} {must} {share} of the {tally.counted}."
