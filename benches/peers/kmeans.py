"""One k-means fit of a peer and its prediction: a fixed start, a fixed number of iterations.

    python benches/peers/kmeans.py lloyd|elkan|faiss VALUES.f32 WIDTH K STEPS       prints seconds and inertia as JSON
"""
import json
import sys
import time

import numpy as np
from threadpoolctl import threadpool_limits

THREADS = 2


def exact(x, centers):
    x, centers = x.astype("f8"), centers.astype("f8")
    squares = (x**2).sum(1)[:, None] - 2 * x @ centers.T + (centers**2).sum(1)
    return float(squares.min(1).sum())


def scikit_learn(x, k, steps, algorithm):
    from sklearn.cluster import KMeans

    fit = KMeans(k, init=x[:k].copy(), n_init=1, max_iter=steps, tol=0, algorithm=algorithm)
    with threadpool_limits(THREADS):
        start = time.perf_counter()
        fit.fit(x)
        fitted = time.perf_counter()
        fit.predict(x)
        predicted = time.perf_counter()
    # Its own `inertia_` is summed in single precision: a hundred-thousandth off with a million rows.
    return fitted - start, predicted - fitted, exact(x, fit.cluster_centers_)


def faiss_kmeans(x, k, steps):
    import faiss

    faiss.omp_set_num_threads(THREADS)
    fit = faiss.Kmeans(x.shape[1], k, niter=steps, max_points_per_centroid=len(x))
    start = time.perf_counter()
    fit.train(x, init_centroids=x[:k].copy())
    fitted = time.perf_counter()
    fit.index.search(x, 1)
    predicted = time.perf_counter()
    return fitted - start, predicted - fitted, exact(x, fit.centroids)


def main():
    peer, path, width, k, steps = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
    x = np.fromfile(path, "f4").reshape(-1, width)
    fit, predict, inertia = faiss_kmeans(x, k, steps) if peer == "faiss" else scikit_learn(x, k, steps, peer)
    print(json.dumps({"fit": fit, "predict": predict, "inertia": inertia}))


main()
