"""What the view of one step of a trace is made of."""
