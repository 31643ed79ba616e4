"""The BG/NBD and Gamma-Gamma models on CDNOW's sample of 2,357 customers: Portray, the package `lifetimes`, and the paper.

python3 benches/peers/value.py PORTRAY

The file is the package's own (`CDNOW_sample.txt`); 39 weeks are the calibration, as in Fader, Hardie and Lee (2005), the 39
weeks after it are held out.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import warnings

warnings.filterwarnings("ignore")
import lifetimes
import pandas as pd
from lifetimes import BetaGeoFitter, GammaGammaFitter
from lifetimes.utils import summary_data_from_transaction_data

PAPER = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
END = "1997-09-30"
LATER = 273


def main(portray):
    source = os.path.join(os.path.dirname(lifetimes.__file__), "datasets", "CDNOW_sample.txt")
    data = pd.read_csv(source, sep=r"\s+", header=None, names=["old", "user", "time", "quantity", "total"])
    data["time"] = pd.to_datetime(data["time"], format="%Y%m%d")
    data["order"] = range(1, len(data) + 1)
    with tempfile.TemporaryDirectory() as folder:
        file, workspace = f"{folder}/cdnow.csv", f"{folder}/workspace"
        data[["user", "time", "order", "quantity", "total"]].to_csv(file, index=False)
        call = lambda *words: subprocess.run([portray, "--workspace", workspace, "--quiet", "--json", *words], check=True, capture_output=True, text=True).stdout
        call("ingest", file)
        call("segment", "--k", "3", "--as-of", END)
        begun = time.time()
        ours = json.loads(call("value", "--days", str(LATER)))
        seconds = time.time() - begun
        call("segment", "--k", "3")
        whole = json.loads(call("value", "--days", str(LATER)))["backtest"]
    summary = summary_data_from_transaction_data(data, "user", "time", monetary_value_col="total", observation_period_end=END, freq="D")
    begun = time.time()
    model = BetaGeoFitter().fit(summary.frequency, summary.recency, summary["T"])
    spend = summary[(summary.frequency > 0) & (summary.monetary_value > 0)]
    gamma = GammaGammaFitter().fit(spend.frequency, spend.monetary_value)
    theirs_seconds = time.time() - begun
    expected = model.conditional_expected_number_of_purchases_up_to_time(LATER, summary.frequency, summary.recency, summary["T"]).sum()
    mine, theirs = ours["models"], model.params_
    print(f"lifetimes {lifetimes.__version__}, {len(summary):,} customers, calibrated to {END}\n")
    print("| parameter | paper | lifetimes | Portray |\n|---|---:|---:|---:|")
    for name in ("r", "alpha", "a", "b"):
        weeks = 7 if name == "alpha" else 1
        print(f"| {name}{', weeks' if weeks == 7 else ''} | {PAPER[name]} | {theirs[name] / weeks:.4f} | {mine[name] / weeks:.4f} |")
    for name, value in zip(("p", "q", "v"), mine["spend"]):
        label = {"v": "gamma"}.get(name, name)
        print(f"| {label} (spending) | | {gamma.params_[name]:.3f} | {value:.3f} |")
    total = sum(one["expected"]["purchases"] for one in ours["segments"])
    print(f"| purchases expected in the next {LATER} days | | {expected:.1f} | {total:.1f} |")
    print(f"| seconds (Portray: the whole command) | | {theirs_seconds:.2f} | {seconds:.2f} |")
    print(f"\nHeld out, the last {whole['days']} days of the whole file: {whole['actual']:.0f} days with a purchase, {whole['expected']:.0f} expected, {whole['naive']:.0f} by the naive forecast; a customer is missed by {whole['error']:.3f} and {whole['naive_error']:.3f}.")


if __name__ == "__main__":
    main(sys.argv[1])
