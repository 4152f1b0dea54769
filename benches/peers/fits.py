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


def timed(case, run):
    """Prints the median of the seconds that a run takes; gives back what the first run found."""
    found = run()
    seconds = []
    for _ in range(REPEATS):
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
# Of choix's other ways to maximum likelihood, opt_rankings takes some forty seconds.
for name, method in {"ilsr": choix.ilsr_rankings, "mm": choix.mm_rankings}.items():
    check(f"tens {name}", timed(f"tens {name}", lambda: method(models, tens)))

winners, losers = np.loadtxt(DIR / "pairs.txt", dtype=int).T
models = 1 + max(winners.max(), losers.max())
# By numbers, and by names as they are in a file.
index = pd.Index(range(models))
first = [evalica.Winner.X] * len(winners)
xs, ys = winners.tolist(), losers.tolist()
result = timed("pairs evalica", lambda: evalica.bradley_terry(xs, ys, first, index=index))
check("pairs evalica", np.log(result.scores.sort_index().to_numpy()))
names = [f"model-{n:02}" for n in range(models)]
xs, ys = [names[n] for n in xs], [names[n] for n in ys]
timed("pairs evalica-names", lambda: evalica.bradley_terry(xs, ys, first))
