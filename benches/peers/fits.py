"""Times choix and evalica on the votes below DIR in turn with K-Sort, the program NATIVE, and compares the log-worths."""

import subprocess
import sys
from pathlib import Path
from time import perf_counter

import choix
import evalica
import numpy as np

REPEATS = 7
NATIVE, DIR = sys.argv[1], Path(sys.argv[2])
native = subprocess.Popen([NATIVE, "answer", DIR], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def ours(case):
    """Has K-Sort do a case; the seconds it took."""
    print(case, file=native.stdin, flush=True)
    return float(native.stdout.readline())


def timed(case, name, run):
    """Prints the medians of the seconds that a run takes and that K-Sort takes; gives back what the first run found."""
    ours(case)
    found = run()
    seconds = []
    for _ in range(REPEATS):
        own = ours(case)
        start = perf_counter()
        run()
        seconds.append((own, perf_counter() - start))
    own, other = np.median(seconds, axis=0)
    print(f"{case} {name} ours\t{own}\n{case} {name}\t{other}", flush=True)
    return found


def check(case, name, log_worths):
    """Prints the greatest difference from what K-Sort found."""
    own = np.loadtxt(DIR / f"{case}.out")
    print(f"{case} {name} difference\t{np.abs(log_worths - log_worths.mean() - own).max()}", flush=True)


tens = [tuple(vote) for vote in np.loadtxt(DIR / "tens.txt", dtype=int).tolist()]
models = 1 + max(map(max, tens))
# Of choix's other ways to maximum likelihood, opt_rankings takes some forty seconds.
for name, method in {"ilsr": choix.ilsr_rankings, "mm": choix.mm_rankings}.items():
    check("tens", name, timed("tens", name, lambda: method(models, tens)))

winners, losers = np.loadtxt(DIR / "pairs.txt", dtype=int).T.tolist()
first = [evalica.Winner.X] * len(winners)
result = timed("pairs", "evalica", lambda: evalica.bradley_terry(winners, losers, first))
check("pairs", "evalica", np.log(result.scores.sort_index().to_numpy()))
# By names, as they are in a file.
xs, ys = ([f"model-{n:02}" for n in models] for models in (winners, losers))
timed("pairs", "evalica-names", lambda: evalica.bradley_terry(xs, ys, first))
