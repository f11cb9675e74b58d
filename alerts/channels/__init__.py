"""ALERT: ways to reach people. The seam is :mod:`alerts.channels.base`."""
