"""Skip every case and give no reason."""

from tool import serve

serve(lambda case: {"case": case["case"], "status": "skipped"})
