"""Long work that an administrator starts: one at a time, with progress."""
