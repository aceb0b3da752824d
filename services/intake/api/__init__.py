"""gRPC: fields in, a verb, a message out. Nothing is decided here."""
