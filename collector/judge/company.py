"""Words known by the company they keep: near ones stand among the same neighbours in titles and texts. Pure.

token lists -> how often each word stands near each other one -> surprise (PPMI) -> a hundred numbers a word (SVD)

So a word that too few titles hold learns from its like ("kucurkan" from "salurkan"). Levy, Goldberg and Dagan (2015,
"Improving Distributional Similarity with Lessons Learned from Word Embeddings"). Needs SciPy (extra ``train``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

WINDOW = 15  # words to either side; the nearer, the more they count
DIMENSIONS = 100
NEIGHBOURS = 20_000  # words, the most frequent ones
NEIGHBOURS_FROM = 5  # times
RARE_SHARE = 0.75  # of a neighbour's log frequency: without it rare neighbours say too much
_NOWHERE = -1


def vectors(texts: Sequence[Sequence[bytes]], words: Sequence[bytes], unseen: Collection[bytes]) -> NDArray[np.float64]:
    """One row of length 1 for each of the words (of length 0 where it has no neighbours), in their order. ``unseen``
    words are nobody's neighbours. Equal input gives equal output."""
    import numpy as np

    surprise = _surprise(texts, words, _neighbours(texts, unseen))
    dimensions = min(DIMENSIONS, min(surprise.shape) - 1)
    if dimensions < 1 or not surprise.nnz:
        return np.zeros((len(words), 1))
    from scipy.sparse.linalg import svds

    found, strengths, _ = svds(surprise, k=dimensions, random_state=0)
    rows = found * np.sqrt(strengths)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: NDArray[np.float64] = rows / np.where(lengths > 0, lengths, 1.0)
    return unit


def _neighbours(texts: Sequence[Sequence[bytes]], unseen: Collection[bytes]) -> dict[bytes, int]:
    count = Counter(token for text in texts for token in text)
    usual = sorted(count.items(), key=lambda pair: (-pair[1], pair[0]))[:NEIGHBOURS]
    return {token: at for at, token in enumerate(t for t, n in usual if n >= NEIGHBOURS_FROM and t not in unseen)}


def _surprise(texts: Sequence[Sequence[bytes]], words: Sequence[bytes], neighbours: dict[bytes, int]) -> csr_matrix:
    """Positive pointwise mutual information."""
    import numpy as np
    from scipy.sparse import csr_matrix

    near = _near(texts, {word: at for at, word in enumerate(words)}, neighbours).tocoo()
    of_word = np.asarray(near.sum(axis=1)).ravel()
    of_neighbour = np.asarray(near.sum(axis=0)).ravel() ** RARE_SHARE
    of_neighbour /= max(of_neighbour.sum(), 1e-9)
    surprise = np.log(near.data / (of_word[near.row] * of_neighbour[near.col]))
    kept = surprise > 0
    return csr_matrix((surprise[kept], (near.row[kept], near.col[kept])), shape=near.shape)


def _near(texts: Sequence[Sequence[bytes]], words: dict[bytes, int], neighbours: dict[bytes, int]) -> Any:
    """How often each neighbour stands near each word, by the inverse of how far."""
    import numpy as np
    from scipy.sparse import csr_matrix

    gap = [_NOWHERE] * WINDOW  # between texts
    ours = np.array([at for text in texts for at in (*(words.get(token, _NOWHERE) for token in text), *gap)])
    others = np.array([at for text in texts for at in (*(neighbours.get(token, _NOWHERE) for token in text), *gap)])
    total = csr_matrix((len(words), len(neighbours)))
    for far in range(1, WINDOW + 1):
        for mine, theirs in ((ours[:-far], others[far:]), (ours[far:], others[:-far])):
            both = (mine >= 0) & (theirs >= 0)
            share = np.full(int(both.sum()), 1.0 / far)
            total = total + csr_matrix((share, (mine[both], theirs[both])), shape=total.shape)
    return total
