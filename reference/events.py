"""What can happen to a corporation's stock between two days: events as data, each with its date.

A history is a list of these, folded over an opening position by `history`. Amounts are totals in $ unless they
say otherwise; counts are shares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from reference.additional_stock import IssueFacts
from reference.charter import COMMON
from reference.distributions import Payable
from reference.position import NOTHING

NO_FACTS = IssueFacts()
WHOLE = Fraction(1)


@dataclass(frozen=True)
class Issue:
    """Issue shares of a class to a holder.

    consideration: $ in cash, before any deduction (3(d)(i)(C)); noncash: $ at the Board's fair value
    (3(d)(i)(D)); facts: what decides whether it is Additional Stock (3(d)(ii)).
    """

    on: date
    stock: str
    holder: str
    shares: int
    consideration: Fraction = NOTHING
    noncash: Fraction = NOTHING
    facts: IssueFacts = NO_FACTS


@dataclass(frozen=True)
class IssueRights:
    """Issue options, warrants or convertible securities over a class, the Common by default (3(d)(i)(E)).

    rights: their name, unique in the history; shares: deliverable at most; exercisable: of these, now, all if
    left out; exercise_price: the least, $/share; consideration: for the grant, without accrued interest.
    """

    on: date
    rights: str
    shares: int
    exercise_price: Fraction
    stock: str = COMMON
    exercisable: int | None = None
    consideration: Fraction = NOTHING
    facts: IssueFacts = NO_FACTS


@dataclass(frozen=True)
class ChangeRights:
    """Change the terms of rights, or let more of them become exercisable (3(d)(i)(E)(3)); None keeps a term."""

    on: date
    rights: str
    shares: int | None = None
    exercisable: int | None = None
    exercise_price: Fraction | None = None


@dataclass(frozen=True)
class ExerciseRights:
    """Exercise or convert rights: Common issued to a holder for the exercise price (3(d)(i)(E)(3))."""

    on: date
    rights: str
    holder: str
    shares: int


@dataclass(frozen=True)
class ExpireRights:
    """Let what is left of rights expire or terminate (3(d)(i)(E)(4))."""

    on: date
    rights: str


@dataclass(frozen=True)
class Split:
    """Split or combine a class: each share becomes `ratio` shares on the day (3(d)(iii), 3(d)(iv)).

    record_date: of the Common's holders, no later than the day and no earlier than the event before. A split adjusts
    the conversion prices as of it, a combination from the day after it (AMB-139); left out, both on the day.
    """

    on: date
    stock: str
    ratio: Fraction
    record_date: date | None = None


@dataclass(frozen=True)
class StockDividend:
    """Pay a dividend in Common, or in rights to Common for nothing, on the Common (3(d)(iii)).

    shares: new Common per share of Common; equivalents: Common issuable on equivalents per share of Common;
    record_date: as of which the conversion prices adjust, no later than the day of payment and no earlier than the
    event before; left out, that day (AMB-139).
    """

    on: date
    shares: Fraction = NOTHING
    equivalents: Fraction = NOTHING
    record_date: date | None = None


@dataclass(frozen=True)
class DeclareDividend:
    """Declare a cash dividend, $/share by class (1(a)); it is owed until it is paid.

    fiscal_month: the month, 1 to 12, in which the fiscal year starts, where the reading has dividend years be
    fiscal ones (AMB-09). part_of_year: what part of the year its dividends on the Common, this one included, are for,
    above 0 to 1 (AMB-141). record_date: whose holders are owed it, and on which shares it is, at the close of that
    day; until then nothing of it is owed or paid. Left out, or before the declaration but no earlier than the event
    before: those at the declaration (AMB-139).
    """

    on: date
    per_share: Mapping[str, Fraction]
    fiscal_month: int | None = None
    part_of_year: Fraction = WHOLE
    record_date: date | None = None


@dataclass(frozen=True)
class PayDividend:
    """Pay what was declared before, $/share by class (1(a)).

    On the Common it goes to those who held at the declaration, or at its record date, the oldest declaration first
    (AMB-137), and only if with it nothing that was declared on outstanding Preferred is left unpaid (AMB-133).
    former_holders: $ by holder who has converted since and is still owed a dividend (AMB-37).
    """

    on: date
    per_share: Mapping[str, Fraction] = field(default_factory=dict)
    former_holders: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True)
class Convert:
    """Convert shares at their holder's option, by series (3(a))."""

    on: date
    holder: str
    shares: Mapping[str, int]


@dataclass(frozen=True)
class ElectConversion:
    """Hold the election of the class that converts together: shares in favour by holder and series (3(a))."""

    on: date
    consents: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class ConsentConversion:
    """Convert a series on the written consent of its holders: shares in favour by holder (3(b))."""

    on: date
    stock: str
    consents: Mapping[str, int]


@dataclass(frozen=True)
class PublicOffering:
    """Sell Common to the public (3(b)).

    on: the closing; priced_on: the pricing, where the dates differ; price: to the public, $/share;
    primary_shares: sold by the corporation; secondary_shares: by holders, which is no transfer by itself;
    over_allotment: further shares sold by the corporation, and whether they count towards the size (AMB-39);
    discount: the underwriters', $/share; to: in whose name the shares that the corporation sells are held.
    """

    on: date
    price: Fraction
    primary_shares: int
    secondary_shares: int = 0
    underwriting: str = "firm_commitment"
    form: str = "S-1"
    over_allotment: int = 0
    over_allotment_counts: bool = False
    discount: Fraction = NOTHING
    priced_on: date | None = None
    to: str = "public"


@dataclass(frozen=True)
class FundCashAmounts:
    """Apply legally available funds to unpaid Cash Amounts, $ (3(c))."""

    on: date
    amount: Fraction


@dataclass(frozen=True)
class Distribute:
    """Distribute property other than cash, in units of any kind (1(b), 3(e)).

    payable: what the units are, of the kinds in which the Preferred shares; record_date: as of which it counts as
    converted, no later than the day and no earlier than the event before; left out, the day (AMB-139); fiscal_month:
    as in a declaration, where it waits for dividends on the Preferred (AMB-135).
    """

    on: date
    units: Fraction
    payable: Payable = "assets"
    record_date: date | None = None
    fiscal_month: int | None = None


@dataclass(frozen=True)
class Recapitalize:
    """Change the Common into other property: units by kind that each share of Common becomes (3(f))."""

    on: date
    units: Mapping[str, Fraction]


@dataclass(frozen=True)
class Transfer:
    """Transfer shares from one holder to another."""

    on: date
    stock: str
    holder: str
    to: str
    shares: int


Event: TypeAlias = (
    Issue
    | IssueRights
    | ChangeRights
    | ExerciseRights
    | ExpireRights
    | Split
    | StockDividend
    | DeclareDividend
    | PayDividend
    | Convert
    | ElectConversion
    | ConsentConversion
    | PublicOffering
    | FundCashAmounts
    | Distribute
    | Recapitalize
    | Transfer
)
