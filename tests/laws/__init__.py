"""Laws: relations that any right implementation obeys, whatever the number is."""
