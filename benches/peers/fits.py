"""Times choix and evalica on the votes below DIR, and holds their log-worths against those found by K-Sort."""

import sys
from pathlib import Path
from time import perf_counter

import choix
import evalica
import numpy as np
import pandas as pd

REPEATS = 7
DIR = Path(sys.argv[1])


def timed(case, run, repeats=REPEATS):
    """Prints the median of the seconds that a run takes; gives back what the first run found."""
    found = run()
    seconds = []
    for _ in range(repeats):
        start = perf_counter()
        run()
        seconds.append(perf_counter() - start)
    print(f"{case}\t{np.median(seconds)}", flush=True)
    return found


def check(case, log_worths):
    """Prints the greatest difference from what K-Sort found."""
    ours = np.loadtxt(DIR / f"{case.split()[0]}.out")
    print(f"{case} difference\t{np.abs(log_worths - log_worths.mean() - ours).max()}", flush=True)


tens = [tuple(vote) for vote in np.loadtxt(DIR / "tens.txt", dtype=int).tolist()]
models = 1 + max(map(max, tens))
methods = {"ilsr": choix.ilsr_rankings, "mm": choix.mm_rankings, "opt": choix.opt_rankings}
for name, method in methods.items():
    try:
        check(f"tens {name}", timed(f"tens {name}", lambda: method(models, tens), REPEATS if name == "ilsr" else 5))
    except RuntimeError as error:
        print(f"fits.py: choix, {name}: {error}", file=sys.stderr)

winners, losers = np.loadtxt(DIR / "pairs.txt", dtype=int).T
models = 1 + max(winners.max(), losers.max())
# Numbers that need no look-up: what its core is given after indexing.
index = pd.Index(range(models))
first = [evalica.Winner.X] * len(winners)
xs, ys = winners.tolist(), losers.tolist()
result = timed("pairs evalica", lambda: evalica.bradley_terry(xs, ys, first, index=index))
check("pairs evalica", np.log(result.scores.sort_index().to_numpy()))
names = [f"model-{n:02}" for n in range(models)]
xs, ys = [names[n] for n in xs], [names[n] for n in ys]
timed("pairs evalica-names", lambda: evalica.bradley_terry(xs, ys, first))
core = lambda: evalica._brzo.bradley_terry(
    xs=winners.tolist(), ys=losers.tolist(), winners=first, weights=[1.0] * len(winners), total=models,
    win_weight=1.0, tie_weight=0.5, tolerance=1e-6, limit=100)
timed("pairs core", core)
