"""What tests of every service share: databases, a clock, tokens, a server, events in and out."""
