"""Watch scores, errors, latency, cost and calls by stored rules, and tell a webhook."""
