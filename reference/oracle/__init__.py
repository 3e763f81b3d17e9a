"""How others use the engine: case documents in, answers out."""
