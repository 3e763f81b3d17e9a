"""Answer rightly."""

from tool import honest, serve

serve(honest)
