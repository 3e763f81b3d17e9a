"""The exact engine: one module per section of the certificate."""
