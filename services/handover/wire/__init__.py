"""The values of the domain as protos, and back."""
