"""Work on the ledger of issues: verdicts and corrections, tips, files of a desk, copies of pages, removal."""
