"""Theorems about the shipped code of `reference`, decided by a solver."""
