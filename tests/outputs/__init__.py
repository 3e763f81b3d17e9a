"""Whole answers, field by field, against the closed forms.

Each module here has the name of a question. It says which closed form stands behind each field of the answer, and
computes the answer a second time: from the case document, the charter's data, the readings and `symbolic` alone.
"""
