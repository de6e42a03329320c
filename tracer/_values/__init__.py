"""Any value as JSON text that may leave the process: read, cut, without secrets."""
