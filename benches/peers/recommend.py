"""Recommendations beside their peers on one split.

python3 benches/peers/recommend.py PORTRAY WORKSPACE [WORKSPACE ...]

For each workspace (with a run) `portray recommend --evaluate --split DIR` holds the last weeks out, writes what was known before
and what came after, and its own lists. Peers see the same split: the most popular products, the products last looked at or
bought, item-kNN and ALS of the package `implicit`. Each peer is taken as it does best here: with and without products that the
user knows already, and for kNN and ALS the best of the settings below. All lists are judged by the same code.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import warnings

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import implicit
import numpy as np
import pandas as pd
import scipy.sparse as sparse
from implicit.als import AlternatingLeastSquares
from implicit.nearest_neighbours import BM25Recommender, CosineRecommender, TFIDFRecommender

TOP = 10


def judge(lists, came, known_users, products):
    """Recall (of at most ten), NDCG, MRR, coverage and novelty (mean surprise, in bits, of what was recommended)."""
    gains = 1 / np.log2(np.arange(TOP) + 2)
    recall, ndcg, mrr, shown, surprise = [], [], [], set(), []
    everybody = max(1, known_users["all"])
    for user, wanted in came.items():
        found = lists.get(user, [])[:TOP]
        shown.update(found)
        hits = [product in wanted for product in found]
        most = min(TOP, len(wanted))
        recall.append(sum(hits) / most)
        ndcg.append(sum(gain for gain, hit in zip(gains, hits) if hit) / gains[:most].sum())
        mrr.append(1 / (hits.index(True) + 1) if any(hits) else 0)
        surprise += [-np.log2(max(1, known_users["of"].get(product, 0)) / everybody) for product in found]
    return {
        "recall": np.mean(recall),
        "ndcg": np.mean(ndcg),
        "mrr": np.mean(mrr),
        "coverage": len(shown) / products,
        "novelty": np.mean(surprise) if surprise else 0,
    }


def compare(portray, workspace):
    with tempfile.TemporaryDirectory() as folder:
        begun = time.time()
        told = subprocess.run(
            [portray, "--workspace", workspace, "recommend", "--evaluate", "--split", folder, "--json", "--quiet"],
            check=True, capture_output=True, text=True,
        ).stdout
        seconds = {"Portray": time.time() - begun}
        told = json.loads(told)
        known = pd.read_csv(f"{folder}/known.csv")
        came = pd.read_csv(f"{folder}/came.csv").groupby("user")["product"].apply(set).to_dict()
        ours = pd.read_csv(f"{folder}/ours.csv").sort_values(["user", "rank"]).groupby("user")["product"].apply(list).to_dict()
    bought = known[known.kind == "bought"]
    target = bought if told["purchases"] else known
    counted = known.groupby("product")["user"].nunique()
    users_of = {"all": known.user.nunique(), "of": counted.to_dict()}
    products = len(counted)

    tried = {"Portray": ours}
    popular = target.groupby("product")["user"].nunique().sort_values(ascending=False, kind="stable").index.tolist()
    own = known.groupby("user")["product"].apply(set).to_dict()
    tried["popular"] = {user: popular[:TOP] for user in came}
    tried["popular, new ones only"] = {user: [p for p in popular[:2000] if p not in own.get(user, ())][:TOP] for user in came}
    recent = known.sort_values("at", ascending=False, kind="stable").drop_duplicates(["user", "product"])
    tried["last seen"] = recent.groupby("user")["product"].apply(list).to_dict()

    user_ids, user_at = np.unique(known.user, return_inverse=True)
    item_ids, item_at = np.unique(known["product"], return_inverse=True)
    place = {user: at for at, user in enumerate(user_ids)}
    matrices = {"": sparse.csr_matrix((known.weight.astype("float32"), (user_at, item_at)), shape=(len(user_ids), len(item_ids)))}
    if told["purchases"] and len(bought) < len(known):
        rows = known.kind.to_numpy() == "bought"
        matrices[" of purchases"] = sparse.csr_matrix(
            (known.weight[rows].astype("float32"), (user_at[rows], item_at[rows])), shape=(len(user_ids), len(item_ids))
        )
    askers = [user for user in came if user in place]
    asked = np.array([place[user] for user in askers])
    models = {f"item-kNN {kind.__name__[:-11]} K={k}": kind(K=k, num_threads=2) for kind in (CosineRecommender, TFIDFRecommender, BM25Recommender) for k in (20, 100)}
    models |= {
        f"ALS {factors} factors, reg {reg}": AlternatingLeastSquares(factors=factors, regularization=reg, alpha=10.0, random_state=42, num_threads=2)
        for factors in (32, 64, 128) for reg in (0.01, 0.1)
    }
    for which, matrix in matrices.items():
        for name, model in models.items():
            begun = time.time()
            model.fit(matrix, show_progress=False)
            for told_apart in (False, True):
                ids, _ = model.recommend(asked, matrix[asked], N=TOP, filter_already_liked_items=told_apart)
                label = name + which + (", new ones only" if told_apart else "")
                tried[label] = {user: [item_ids[item] for item in row if item >= 0] for user, row in zip(askers, ids)}
                seconds[label] = time.time() - begun
    figures = {name: judge(lists, came, users_of, products) for name, lists in tried.items()}

    def best(start):
        names = [name for name in figures if name.startswith(start)]
        return max(names, key=lambda name: figures[name]["ndcg"])

    shown = [best(start) for start in ("Portray", "popular", "last seen", "item-kNN", "ALS")]
    what = "purchases" if told["purchases"] else "looks"
    print(f"\n## {os.path.basename(workspace.rstrip('/'))}: {what} of {len(came):,} users in the last {told['days']:.2f} days\n")
    print("| lists | recall@10 | NDCG@10 | MRR | coverage | novelty, bits | seconds |\n|---|---:|---:|---:|---:|---:|---:|")
    for name in shown:
        f = figures[name]
        time_taken = f"{seconds[name]:.1f}" if name in seconds else ""
        print(f"| {name} | {f['recall']:.4f} | {f['ndcg']:.4f} | {f['mrr']:.4f} | {100 * f['coverage']:.1f}% | {f['novelty']:.2f} | {time_taken} |")
    ndcg = [figures[name]["ndcg"] for name in shown]
    popular_part = f"{ndcg[0] / ndcg[1]:.2f} times" if ndcg[1] > 0 else "the popular found nothing"
    print(f"\nNDCG@10 against the popular: {popular_part} (asked: 1.5 times); against the better of kNN and ALS: {ndcg[0] / max(ndcg[3], ndcg[4], 1e-9):.2f} times (asked: 1)")
    print(f"\n{told['note']}")


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    print(f"implicit {implicit.__version__}, numpy {np.__version__}")
    for workspace in sys.argv[2:]:
        compare(sys.argv[1], workspace)
