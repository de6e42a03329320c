"""What was said to a model and by it, of any sender in one shape; pure."""
