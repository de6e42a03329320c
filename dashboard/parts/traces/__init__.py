"""What pages of traces are made of: the list and its filter, one trace, one session."""
