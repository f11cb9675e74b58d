"""Every statement the store runs, by name, one file per room. Values are always bound, never pasted in."""
