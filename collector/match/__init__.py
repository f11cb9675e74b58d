"""MATCH: which topics a text speaks of, and by which words. Pure."""
