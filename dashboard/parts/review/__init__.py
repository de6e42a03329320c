"""What pages of the review of answers by people are made of."""
