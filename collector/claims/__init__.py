"""CLAIMS: whether a text repeats a claim that somebody has checked already, and which texts tell one story. Pure.

text -> statement (who, where, what, how many, denied or not) -> candidates from the index -> comparison -> decision
"""
