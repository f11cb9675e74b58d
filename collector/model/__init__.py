"""The nouns of Siaga. Standard library only; everything else imports from here.

Every dataclass is frozen, keyword-only and slotted, and refuses bad values when made. Datetimes are aware UTC and
named ``…_at``; ratios lie in 0..1; sizes carry their unit in the name; collections are tuples or frozensets.
"""
