"""The composition root: the only package that names concrete classes and reads the wall clock.

Collecting and alerting meet here and in the store, nowhere else. Each part is built in the file of its noun;
:class:`collector.app.parts.Parts` joins them, :class:`collector.app.app.App` is what the ticks ask.
"""

from collector.app.app import App

__all__ = ["App"]
