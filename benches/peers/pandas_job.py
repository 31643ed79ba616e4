"""The job as it is done today with pandas and scikit-learn: read, features, k-means; nothing is kept.

    python benches/peers/pandas_job.py EVENTS.csv       prints the seconds of each stage as JSON
"""
import json
import sys
import time

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

K, RESTARTS, THREADS = 8, 10, 2


def features(events):
    events["revenue"] = np.where(events.event_type == "purchase", events.price * events.quantity, 0.0)
    events["hour"] = events.event_time.dt.hour
    events["weekend"] = events.event_time.dt.dayofweek >= 5
    events["day"] = events.event_time.dt.floor("D")
    for kind in ("view", "search", "cart", "purchase"):
        events[kind] = events.event_type == kind
    users = events.groupby("user_id").agg(
        events=("price", "size"), views=("view", "sum"), searches=("search", "sum"), carts=("cart", "sum"),
        purchases=("purchase", "sum"), revenue=("revenue", "sum"), last=("event_time", "max"), first=("event_time", "min"),
        products=("product_id", "nunique"), categories=("category", "nunique"), hour=("hour", "mean"),
        weekend=("weekend", "mean"), price_spread=("price", "std"), price=("price", "mean"), days=("day", "nunique"),
        queries=("query", "nunique"),
    )
    users["aov"] = users.revenue / users.purchases.replace(0, np.nan)
    users["recency"] = (pd.Timestamp("2025-01-01") - users["last"]).dt.days
    users["tenure"] = (users["last"] - users["first"]).dt.days
    return users.drop(columns=["last", "first"]).fillna(0)


def main():
    start = time.perf_counter()
    events = pd.read_csv(sys.argv[1], parse_dates=["event_time"])
    read = time.perf_counter()
    users = features(events)
    computed = time.perf_counter()
    with threadpool_limits(THREADS):
        KMeans(K, n_init=RESTARTS, random_state=0).fit(StandardScaler().fit_transform(users))
    end = time.perf_counter()
    print(json.dumps({"read": read - start, "features": computed - read, "kmeans": end - computed, "total": end - start}))


main()
