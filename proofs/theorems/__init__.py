"""Theorems, one module for each section of the certificate."""

from proofs.theorems import (
    antidilution,
    approvals,
    cash_amounts,
    conversion,
    distributions,
    dividends,
    equilibrium,
    liquidation,
    offering,
    reserve,
    voting,
)

SECTIONS = (
    dividends,
    distributions,
    liquidation,
    equilibrium,
    conversion,
    offering,
    cash_amounts,
    antidilution,
    reserve,
    voting,
    approvals,
)
"""The modules, in the order of the report; each has `studies(charter)`."""
