"""Where spans are begun, filled and ended, and what follows the context."""
