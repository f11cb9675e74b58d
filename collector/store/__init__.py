"""STORE: where items, counts, alerts and deliveries are kept. The seam is :mod:`collector.store.base`."""
