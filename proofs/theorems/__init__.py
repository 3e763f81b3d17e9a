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
)
"""The modules, in the order of the report; each has `studies(charter)`."""
