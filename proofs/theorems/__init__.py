"""Theorems, one module for each section of the certificate."""

from proofs.theorems import equilibrium, liquidation, voting

SECTIONS = (liquidation, equilibrium, voting)
"""The modules, in the order of the report; each has `studies(charter)`."""
