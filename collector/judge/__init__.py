"""JUDGE: how suspicious an entry looks, and what it does with a claim. Pure."""
