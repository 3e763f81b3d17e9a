"""Other tools, driven and compared with the engine: what differs, where, and which mistake explains it."""
