"""What intake does: one function per verb, by capability.

A mutation takes the unit of work in which its answer is stored. Everything else opens its own transactions.
"""
