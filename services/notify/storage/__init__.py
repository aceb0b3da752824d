"""Tables of notify, and the one place that reads and writes them: the only SQL of the service."""
