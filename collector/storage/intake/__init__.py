"""How OTLP becomes rows of `spans` inside the engine."""
