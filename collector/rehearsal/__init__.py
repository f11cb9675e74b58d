"""The past once more: what a configuration would have told, and when.

    history (a store, or a dated list put into one) ── hour by hour ──> the daemon's own Watch ──> episodes

    episodes ── against labelled events ──> delays, false alarms
             ── against another configuration ──> what a change would change
             ── over many thresholds ──> what each would cost

Nothing is sent and nothing is written into the user's database.
"""
