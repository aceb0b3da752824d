"""The gRPC face, a servicer for each service: proto in, command, proto out. Nothing is decided here."""
