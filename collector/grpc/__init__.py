"""OTLP over gRPC: its port, its turns, its words for an outcome."""
