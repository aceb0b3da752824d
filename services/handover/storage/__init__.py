"""Custody, stays, transfers and searches in PostgreSQL: plain rows in, frozen values out."""
