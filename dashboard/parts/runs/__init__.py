"""What the page of evaluations is made of."""
