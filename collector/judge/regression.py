"""Logistic regression over what was seen, with SciPy (extra ``train``). Pure.

found, labels -> matrix, shares -> each feature scaled by its log-count ratio -> points by feature
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

MOST_STEPS = 300
ALWAYS = "f:always"
Found = Mapping[str, float]


def evenly(counts: Sequence[float], label: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How much each example counts, 1 in the mean, so that both labels weigh the same in all.

    Raises ValueError where one of them is missing."""
    import numpy as np

    if label.all() or not label.any():
        raise ValueError("learning needs both claims and news")
    share = np.array(counts, dtype=np.float64)
    share[label] *= share[~label].sum() / share[label].sum()
    even: NDArray[np.float64] = share / share.mean()
    return even


def kept(found: Sequence[Found], least: Callable[[str], int]) -> list[str]:
    """The features in as many examples as asked for, in their order."""
    count = Counter(feature for one in found for feature in one)
    return sorted(feature for feature, times in count.items() if times >= least(feature))


def matrix(found: Sequence[Found], features: Sequence[str]) -> csr_matrix:
    """One row an example, one column a feature."""
    import numpy as np
    from scipy.sparse import csr_matrix

    column = {feature: i for i, feature in enumerate(features)}
    rows = [[(column[feature], share) for feature, share in one.items() if feature in column] for one in found]
    starts = np.cumsum([0, *map(len, rows)])
    places = np.array([place for row in rows for place, _ in row], dtype=np.int64)
    shares = np.array([share for row in rows for _, share in row])
    return csr_matrix((shares, places, starts), shape=(len(found), len(features)))


def ratios(seen: csr_matrix, share: NDArray[np.float64], label: NDArray[np.bool_]) -> NDArray[np.float64]:
    """How far each feature's log-count ratio is from 0 (Wang and Manning 2012)."""
    import numpy as np

    for_claim = seen.T @ (share * label) + 1.0
    for_news = seen.T @ (share * ~label) + 1.0
    far: NDArray[np.float64] = np.abs(np.log((for_claim / for_claim.sum()) / (for_news / for_news.sum())))
    return far


def solved(
    seen: csr_matrix,
    scale: NDArray[np.float64],
    share: NDArray[np.float64],
    label: NDArray[np.bool_],
    given: NDArray[np.float64],
    strength: float,
) -> tuple[NDArray[np.float64], float]:
    """Points by column, and those of every example; ``given`` points are there already. The smaller ``strength`` and a
    column's ``scale``, the nearer to 0 they stay."""
    import numpy as np
    from scipy.optimize import minimize
    from scipy.sparse import diags
    from scipy.special import expit

    scaled = (seen @ diags(scale)).tocsr()
    turned = scaled.T.tocsr()
    sign = np.where(label, 1.0, -1.0)

    def loss(beta: Any) -> tuple[float, Any]:
        margin = sign * (scaled @ beta[:-1] + beta[-1] + given)
        pull = -strength * share * sign * expit(-margin)
        value = strength * (share * np.logaddexp(0.0, -margin)).sum() + 0.5 * (beta @ beta)
        return float(value), np.append(turned @ pull, pull.sum()) + beta

    start = np.zeros(seen.shape[1] + 1)
    beta = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": MOST_STEPS}).x
    return beta[:-1] * scale, float(beta[-1])


def fitted(
    found: Sequence[Found],
    claims: Sequence[bool],
    counts: Sequence[float],
    given: Sequence[float],
    strength: float,
    least: Callable[[str], int],
) -> dict[str, float]:
    """Points by feature; both labels weigh the same in all, so that the sum is 0 where nothing is known."""
    import numpy as np

    features = kept(found, least)
    seen = matrix(found, features)
    label = np.array(claims, dtype=bool)
    share = evenly(counts, label)
    points, always = solved(seen, ratios(seen, share, label), share, label, np.array(given), strength)
    return dict(zip(features, points.tolist(), strict=True)) | {ALWAYS: always}
