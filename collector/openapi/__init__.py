"""What the read API says of itself, in OpenAPI's words, made from its own code."""
