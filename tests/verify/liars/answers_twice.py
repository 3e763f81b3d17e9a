"""Reply to every case twice."""

import json

from tool import honest, serve

serve(lambda case: (json.dumps(honest(case)).encode() + b"\n") * 2)
