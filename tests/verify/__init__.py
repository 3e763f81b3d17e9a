"""Other tools, driven and compared: that what is wrong is found, and named."""
