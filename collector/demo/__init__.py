"""A rehearsal: the real daemon on a made-up week, with nothing but this machine.

``story`` says what is published and when, ``site`` shows it as feeds and pages, ``server`` answers for them over HTTP,
``desk`` takes mail and webhooks, ``folder`` writes the configuration, ``rehearsal`` runs the daemon through the week.
Above ``collector.app``, below ``collector.cli``; nothing of the product knows that this package exists.
"""
