"""From the store to people: detect spikes, decide whether to speak, render and deliver."""
