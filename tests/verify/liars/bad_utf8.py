"""Reply with bytes that are no text."""

from tool import serve

serve(lambda case: b'{"case": "\xff\xfe", "status": "answered", "answer": {}}\n')
