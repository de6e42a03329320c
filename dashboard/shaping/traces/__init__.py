"""Pure functions about traces: lists, one trace's steps, sessions."""
