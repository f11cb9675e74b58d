"""An examination of the whole installation: what can be reached, and what stands in the way of an alert."""
