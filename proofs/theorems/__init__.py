"""Theorems, one module for each section of the certificate."""

from proofs.theorems import antidilution, approvals, cash_amounts, equilibrium, liquidation, offering, reserve, voting

SECTIONS = (liquidation, equilibrium, offering, cash_amounts, antidilution, reserve, voting, approvals)
"""The modules, in the order of the report; each has `studies(charter)`."""
