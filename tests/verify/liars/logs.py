"""Write a log on standard output."""

from tool import Case, honest, serve, write


def answer(case: Case) -> Case:
    """Say what is being done, where the reply should be."""
    write(f"INFO answering {case['case']}\n".encode())
    return honest(case)


serve(answer)
