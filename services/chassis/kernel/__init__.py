"""The shared kernel: pure rules that the domain of every service may import.

Standard library only; nothing here reads a clock, a file or a random number.
"""
