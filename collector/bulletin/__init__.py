"""The bulletin for the public: what circulated, what was checked and by whom; the answer stands before the claim."""
