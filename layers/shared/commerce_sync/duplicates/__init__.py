"""Duplicates that are already there: which records of one system are one person, and how they could become one."""
