"""Theorems, one module for each section of the certificate."""

from proofs.theorems import antidilution, approvals, equilibrium, liquidation, offering, voting

SECTIONS = (liquidation, equilibrium, offering, antidilution, voting, approvals)
"""The modules, in the order of the report; each has `studies(charter)`."""
