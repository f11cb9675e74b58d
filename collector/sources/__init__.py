"""COLLECT: from an address to entries. Parsing is pure; only ``fetch`` touches the network."""
