"""What pages of alert rules are made of."""
