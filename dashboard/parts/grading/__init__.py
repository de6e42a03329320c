"""What grading is made of: metrics, judges and jobs."""
