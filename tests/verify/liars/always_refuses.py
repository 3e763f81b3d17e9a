"""Refuse every case."""

from tool import serve

serve(
    lambda case: {
        "case": case["case"],
        "status": "refused",
        "error": {"code": "internal_error", "path": "", "message": "Please call the help desk."},
    }
)
