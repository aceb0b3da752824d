"""The web console: officers do their whole job in a browser. A client of the four services; it owns no case."""
