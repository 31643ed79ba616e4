"""Figures of partitions as scikit-learn has them, for tests/fixtures/criteria.json.

    python benches/peers/criteria.py > tests/fixtures/criteria.json       needs scikit-learn (1.9.1 made the file)
"""
import json

import numpy as np
from sklearn.metrics import adjusted_rand_score, calinski_harabasz_score, davies_bouldin_score, silhouette_score

ROWS, WIDTH = 600, 5


def values():
    """The same numbers as `tests/segments.rs` makes."""
    i, j = np.mgrid[0:ROWS, 0:WIDTH]
    return ((i * 7919 + j * 104729 + i * j * 31) % 1009) / 1009 + (i % 4) * ((j + i % 4) % 3) * 0.4


def main():
    x = values()
    i = np.arange(ROWS)
    partitions = {"planted": i % 4, "two": i % 2, "bad": (i * i // 7) % 5, "uneven": (i % 97 == 0).astype(int)}
    figures = {}
    for name, labels in partitions.items():
        figures[name] = {
            "silhouette": silhouette_score(x, labels),
            "davies_bouldin": davies_bouldin_score(x, labels),
            "calinski_harabasz": calinski_harabasz_score(x, labels),
            "agreement_with_planted": adjusted_rand_score(partitions["planted"], labels),
        }
    print(json.dumps(figures, indent=2))


main()
