"""OTLP as bytes: what a request says, what it becomes, how it is answered; pure."""
