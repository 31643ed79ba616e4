"""Portray beside its peers, in turns on the same files: prints the tables of docs/performance.md.

    python benches/peers/run.py target/release/portray LLOYD [FOLDER]

LLOYD is the bench binary that `cargo bench --bench lloyd --no-run` names; FOLDER holds the made-up files (default: a
temporary one). Needs numpy, pandas, scikit-learn, duckdb, threadpoolctl; faiss-cpu where it installs.
"""
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
PORTRAY, LLOYD = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:3])
FOLDER = pathlib.Path(sys.argv[3] if len(sys.argv) > 3 else tempfile.mkdtemp(prefix="portray-peers-"))
TURNS = int(os.environ.get("TURNS", "7"))
JOBS = int(os.environ.get("JOBS", "3"))
# TURNS: alternating runs of the fits; JOBS: of the whole job; SIZES: how many of the sizes of growth; PARTS: which tables.


def peer(script, *arguments):
    return [sys.executable, str(HERE / f"{script}.py"), *map(str, arguments)]


def portray(workspace, *arguments):
    return [PORTRAY, "--quiet", "--threads", "2", "--workspace", str(workspace), *map(str, arguments)]


def timed(command):
    """Seconds, peak memory in MB and the output of one run."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024, output


def answer(command):
    return json.loads(timed(command)[2])


def events(rows, users):
    path = FOLDER / f"events-{rows}.csv"
    if not path.exists():
        subprocess.run(peer("events", rows, users, path), check=True)
    return path


def row(name, own, other, peer_name, wanted):
    ratio = statistics.median(own) / statistics.median(other)
    reached = "yes" if ratio <= wanted else "no"
    print(f"| {name} | {statistics.median(own):.3g} | {statistics.median(other):.3g} ({peer_name}) | {ratio:.2f} | {wanted} | {reached} |",
          flush=True)


def kmeans():
    import numpy

    path, width, k, steps = FOLDER / "values.f32", 24, 8, 20
    if not path.exists():
        draw = numpy.random.default_rng(0)
        centers = draw.normal(size=(8, width)) * 0.6
        rows = centers[draw.integers(0, 8, 1_000_000)] + draw.normal(size=(1_000_000, width))
        rows.astype("f4").tofile(path)
    own, lloyd, elkan, faiss = [], [], [], []
    for _ in range(TURNS):
        own.append(answer([LLOYD, str(path), str(width), str(k), str(steps)]))
        lloyd.append(answer(peer("kmeans", "lloyd", path, width, k, steps)))
        elkan.append(answer(peer("kmeans", "elkan", path, width, k, steps)))
        try:
            faiss.append(answer(peer("kmeans", "faiss", path, width, k, steps)))
        except SystemExit:
            pass
    pick = lambda runs, what: [run[what] for run in runs]
    row("k-means, 1,000,000 × 24, k = 8, 20 iterations: seconds", pick(own, "fit"), pick(lloyd, "fit"), "scikit-learn lloyd", 0.40)
    row("the same", pick(own, "fit"), pick(elkan, "fit"), "scikit-learn elkan", 0.40)
    if faiss:
        row("the same", pick(own, "fit"), pick(faiss, "fit"), "faiss", 0.40)
    row("assigning the same rows: seconds", pick(own, "predict"), pick(lloyd, "predict"), "scikit-learn predict", 0.40)
    gap = abs(own[0]["inertia"] - lloyd[0]["inertia"]) / lloyd[0]["inertia"]
    print(f"\nInertia differs from scikit-learn's by {gap:.1e} of it (asked: 1e-5).\n", flush=True)


def jobs():
    path = events(5_000_000, 200_000)
    own = {"ingest": [], "features": [], "total": [], "memory": []}
    other = {"ingest": [], "features": [], "total": [], "memory": []}
    for _ in range(JOBS):
        workspace, database = FOLDER / "workspace", FOLDER / "peer.duckdb"
        shutil.rmtree(workspace, ignore_errors=True)
        database.unlink(missing_ok=True)
        other["ingest"].append(answer(peer("duckdb_ingest", path, database))["ingest"])
        ingest, memory, _ = timed(portray(workspace, "ingest", path))
        segment, more, output = timed(portray(workspace, "--json", "segment", "--k", 8, "--restarts", 10))
        seconds = json.loads(output)["seconds"]
        own["ingest"].append(ingest)
        own["features"].append(seconds["features"])
        own["total"].append(ingest + segment)
        own["memory"].append(max(memory, more))
        total, memory, output = timed(peer("pandas_job", path))
        stages = json.loads(output)
        other["features"].append(stages["features"])
        other["total"].append(stages["total"])
        other["memory"].append(memory)
    row("ingest, 5 million events: seconds", own["ingest"], other["ingest"], "DuckDB CREATE TABLE AS", 1.7)
    row("features, 200,000 users: seconds", own["features"], other["features"], "pandas", 0.25)
    row("whole job without narratives, 10 restarts: seconds", own["total"], other["total"], "pandas and scikit-learn", 0.6)
    row("the same: peak memory, MB", own["memory"], other["memory"], "pandas and scikit-learn", 0.5)
    _, _, output = timed(portray(FOLDER / "workspace", "--json", "segment"))
    run = json.loads(output)
    found = run["evidence"]["recommendation"]
    print(f"\nChoice of k, 2 to 12, {run['users']:,} users, all criteria, {found['refits']} refits from {found['bootstrap_users']:,}"
          f" users, silhouettes of {found['silhouette_users']:,}: {run['seconds']['segments']:.1f} s (asked: under 60).\n", flush=True)


def growth():
    print("| events | users | ingest, s | segment (k = 8), s | peak memory, MB |\n|---:|---:|---:|---:|---:|", flush=True)
    sizes = ((1_000_000, 50_000), (10_000_000, 400_000), (50_000_000, 1_000_000))
    for rows, users in sizes[: int(os.environ.get("SIZES", len(sizes)))]:
        path = events(rows, users)
        workspace = FOLDER / "growth"
        shutil.rmtree(workspace, ignore_errors=True)
        ingest, memory, _ = timed(portray(workspace, "ingest", path))
        segment, more, _ = timed(portray(workspace, "segment", "--k", 8))
        print(f"| {rows:,} | {users:,} | {ingest:.1f} | {segment:.1f} | {max(memory, more):,.0f} |", flush=True)
        shutil.rmtree(workspace, ignore_errors=True)


def main():
    parts = {"kmeans": kmeans, "jobs": jobs, "growth": growth}
    wanted = os.environ.get("PARTS", "kmeans,jobs,growth").split(",")
    if "kmeans" in wanted or "jobs" in wanted:
        print("| figure | Portray | peer | ratio | asked | reached |\n|---|---:|---:|---:|---:|---|", flush=True)
    for name in wanted:
        parts[name]()


main()
