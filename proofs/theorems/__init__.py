"""Theorems, one module for each section of the certificate."""

from proofs.theorems import approvals, equilibrium, liquidation, offering, voting

SECTIONS = (liquidation, equilibrium, offering, voting, approvals)
"""The modules, in the order of the report; each has `studies(charter)`."""
