"""Pure functions about grading: metrics, judges, jobs."""
