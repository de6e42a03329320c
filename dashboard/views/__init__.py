"""One page each: a script that reads from the top down."""
