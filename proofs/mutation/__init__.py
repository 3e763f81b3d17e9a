"""A mutation run: every small change of the engine's liquidation code must make the proofs come out otherwise.

cosmic-ray makes the mutants; each is put into a copy of the sources, and the theorems are decided there as
`charterproof prove --fail-fast` decides them. A mutant is killed if a verdict is not as expected or the run
breaks off, and it survives if all is as expected, or if something is undecided and nothing is unexpected.

A study that never executes the mutated statement cannot notice the mutation, so it is not run again: the
run on the unmutated engine says which statements each study executes. It must come out as expected, too.
"""
