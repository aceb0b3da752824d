"""The rules of intake: what a record is, what may happen to a case, and who may see it."""
