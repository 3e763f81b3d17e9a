"""The closed forms: an independent account of every output, by the same section names."""
