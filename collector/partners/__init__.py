"""The exchange with partners: what we found goes out, what they found comes in, and nothing of theirs goes back."""
