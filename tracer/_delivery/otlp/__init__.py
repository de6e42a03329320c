"""OTLP protobuf by hand; a test holds it equal to the official encoder."""
