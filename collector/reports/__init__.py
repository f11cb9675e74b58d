"""Reports of periods: figures that can be defended. Everything here is pure but ``gather``, which reads the store."""
