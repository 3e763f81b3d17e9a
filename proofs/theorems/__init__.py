"""Theorems, one module for each section of the certificate."""

from proofs.theorems import (
    additional_stock,
    antidilution,
    approvals,
    cash_amounts,
    conversion,
    distributions,
    dividends,
    equilibrium,
    history,
    liquidation,
    notices,
    offering,
    recapitalization,
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
    additional_stock,
    antidilution,
    recapitalization,
    reserve,
    notices,
    voting,
    approvals,
    history,
)
"""The modules, in the order of the report; each has `studies(charter)`."""
