#!/usr/bin/env python3
"""Make collector/data/weights.json from the claims data beside the project: tools/train_judge.py [CLAIMS.csv.gz].

Takes about a minute. Needs SciPy (`pip install -e '.[train]'`). The same data gives the same file.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

from collector.config.unweighed import unweighed
from collector.judge.examples import examples
from collector.judge.lexicon import LexiconJudge
from collector.judge.schooling import school
from collector.judge.weights import written

ROOT = Path(__file__).resolve().parent.parent
CLAIMS = ROOT.parent / "shared" / "data" / "claims_id.csv.gz"
WEIGHTS = ROOT / "collector" / "data" / "weights.json"


def main() -> None:
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else CLAIMS
    with gzip.open(source, "rt", encoding="utf-8", newline="") as lines:
        known = list(examples(lines))
    weights = school(known, unweighed(), LexiconJudge.shipped())
    WEIGHTS.write_text(written(weights), encoding="utf-8")
    print(f"{WEIGHTS.relative_to(ROOT)}: version {weights.version}, {WEIGHTS.stat().st_size / 1000:.0f} kB")
    for name in ("titles_later", "titles_with_text_later"):
        print(name, *(f"{key} {value}" for key, value in weights.about[name].items()))


if __name__ == "__main__":
    main()
