"""NET: outward connections that both sides of Siaga share.

Collecting and alerting reach the world through here, so that private addresses, deadlines, sizes and turns are looked
after once.
"""
