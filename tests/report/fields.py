"""Write `proofs/report/fields.py`: which fields of an answer rest on which closed forms, as the comparison has it.

python -m tests.report.fields > proofs/report/fields.py
"""

from __future__ import annotations

from reference.oracle import questions
from tests.outputs.compare import module_of

HEAD = '''"""Which closed forms stand behind each field of an answer, by question; `*` stands for any name.

Every field is compared with its closed forms by the tests in `tests/outputs`, from which this table is written:

    python -m tests.report.fields > proofs/report/fields.py
"""

from collections.abc import Mapping

FIELDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
'''
TAIL = '}\n"""By question and field: the closed forms, as `section.quantity`."""\n'


def module() -> str:
    """Return the text of the module."""
    lines = []
    for question in questions.MODULES:
        lines.append(f'    "{question}": {{\n')
        for field, forms in module_of(question).FORMS.items():
            inner = "".join(f'            "{form}",\n' for form in forms)
            lines.append(f'        "{field}": (\n{inner}        ),\n')
        lines.append("    },\n")
    return HEAD + "".join(lines) + TAIL


if __name__ == "__main__":
    print(module(), end="")
