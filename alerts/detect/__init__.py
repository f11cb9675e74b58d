"""DETECT: what is a spike. Pure and stateless; the same series always give the same readings."""
