"""Tables of intake and the SQL on them, as plain rows by Core: no ORM sessions."""
