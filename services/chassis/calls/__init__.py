"""What the calls of all services have in common: reading requests, answering once, pages, words of the wire."""
