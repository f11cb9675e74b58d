"""From the world to the store: what Siaga collects, matches, judges and keeps.

Start reading at :mod:`collector.pipeline`, which follows one source end to end.
"""

__version__ = "0.1.0"
