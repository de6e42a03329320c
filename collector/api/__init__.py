"""The read API: routes by subject, and the way from a request to a read and back."""
