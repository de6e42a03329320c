"""`tracer demo`: a week in the life of a support bot, made while you wait."""
