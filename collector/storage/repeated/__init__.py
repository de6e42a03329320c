"""What came twice: a request, a span, the usage of one call."""
