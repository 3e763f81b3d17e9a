"""Name another case."""

from tool import honest, serve

serve(lambda case: {**honest(case), "case": "another case"})
