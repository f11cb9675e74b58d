"""sources.yaml, made into frozen settings in one place."""
