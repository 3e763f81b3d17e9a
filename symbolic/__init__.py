"""Closed forms in sympy of what the certificate provides, derived from its text and not from the engine."""
