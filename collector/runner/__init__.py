"""RUNNER: who does the work, and when. The in-process one uses APScheduler and a thread pool."""
