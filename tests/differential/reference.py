"""Random cases with the values that scipy, statsmodels and scikit-learn give for them, as JSON on standard output.

    python tests/differential/reference.py SEED

The same seed gives the same cases on the same versions. statistics.test.ts computes each case with evals/statistics.
"""

import json
import sys
import warnings

import numpy as np
import statsmodels.api as sm
from scipy import optimize, special, stats
from sklearn import metrics
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

warnings.filterwarnings("ignore")
rng = np.random.default_rng(int(sys.argv[1]))
cases = []


def add(kind, given, expected):
    cases.append({"kind": kind, "input": given, "expected": expected})


def confidence():
    return float(rng.choice([0.8, 0.9, 0.95, 0.99]))


def quantiles():
    for _ in range(150):
        p = float(rng.uniform(0.001, 0.999))
        df = int(rng.integers(1, 200))
        real = float(rng.uniform(1, 60))
        add(
            "quantiles",
            {"p": p, "df": df, "real": real},
            [stats.norm.ppf(p), stats.t.ppf(p, df), stats.t.ppf(p, real)],
        )


def discordant():
    for _ in range(300):
        wins, losses = (int(x) for x in rng.integers(0, rng.choice([10, 60, 800]), 2))
        n = wins + losses
        if n == 0:
            continue
        table = [[0, wins], [losses, 0]]
        tail = stats.binom.cdf(min(wins, losses), n, 0.5)
        expected = [
            stats.binomtest(wins, n).pvalue,
            stats.binomtest(wins, n, alternative="greater").pvalue,
            min(1, 2 * (tail - stats.binom.pmf(min(wins, losses), n, 0.5) / 2)),
            mcnemar(table, exact=False, correction=False).pvalue,
            # statsmodels corrects below zero where wins and losses are equal; Edwards' correction stops there.
            1.0 if wins == losses else mcnemar(table, exact=False, correction=True).pvalue,
        ]
        add("mcnemar", {"wins": wins, "losses": losses}, expected)
        log_e = special.betaln(wins + 0.5, losses + 0.5) - special.betaln(0.5, 0.5) + n * np.log(2)
        add("logEValue", {"wins": wins, "losses": losses}, [log_e])


def tango_z(wins, losses, n, delta):
    """By definition: the nuisance parameter by a numeric search for the constrained maximum."""
    ties = n - wins - losses

    def minus_log_likelihood(loss):
        return -(
            special.xlogy(wins, loss + delta) + special.xlogy(losses, loss) + special.xlogy(ties, 1 - 2 * loss - delta)
        )

    low, high = max(0, -delta), (1 - delta) / 2
    found = optimize.minimize_scalar(
        minus_log_likelihood, bounds=(low, high), method="bounded", options={"xatol": 1e-12}
    )
    loss = min((low, high, found.x), key=minus_log_likelihood)
    return (wins - losses - n * delta) / np.sqrt(n * (2 * loss + delta * (1 - delta)))


def tango():
    for _ in range(200):
        n = int(rng.integers(20, 1500))
        wins, losses, _ = (int(x) for x in rng.multinomial(n, rng.dirichlet([1, 1, 6])))
        delta = float(rng.uniform(-0.3, 0.3))
        add("tangoZ", {"wins": wins, "losses": losses, "n": n, "delta": delta}, [tango_z(wins, losses, n, delta)])
    for _ in range(50):
        n = int(rng.integers(20, 400))
        wins, losses, _ = (int(x) + 1 for x in rng.multinomial(n, rng.dirichlet([1, 1, 6])))
        n += 3
        level = confidence()
        z = stats.norm.ppf((1 + level) / 2)
        middle = (wins - losses) / n
        low = optimize.brentq(lambda d: tango_z(wins, losses, n, d) - z, -0.9999, middle)
        high = optimize.brentq(lambda d: tango_z(wins, losses, n, d) + z, middle, 0.9999)
        add("tangoInterval", {"wins": wins, "losses": losses, "n": n, "confidence": level}, [low, high])


def bounded_score():
    """The likeliest distribution on the values seen and -1 and 1, by a general solver."""
    for _ in range(40):
        n = int(rng.integers(8, 40))
        values = np.round(rng.choice([0, rng.uniform(-0.8, 0.8), rng.uniform(-0.8, 0.8), 0.1], n), 2)
        mean = float(rng.uniform(-0.25, 0.25))
        if abs(values.mean() - mean) < 0.01:
            continue
        support, counts = np.unique(values, return_counts=True)
        support, counts = np.append(support, [-1, 1]), np.append(counts, [0, 0])
        start = np.full(len(support), 1 / len(support))
        found = optimize.minimize(
            lambda w: -np.sum(special.xlogy(counts, np.maximum(w, 1e-12))) / n,
            start,
            jac=lambda w: -counts / np.maximum(w, 1e-12) / n,
            method="SLSQP",
            bounds=[(0, 1)] * len(support),
            constraints=[
                {"type": "eq", "fun": lambda w: w.sum() - 1, "jac": lambda w: np.ones_like(w)},
                {"type": "eq", "fun": lambda w: w @ support - mean, "jac": lambda w: support},
            ],
            options={"maxiter": 2000, "ftol": 1e-15},
        )
        if found.success:
            variance = found.x @ (support - mean) ** 2
            add(
                "boundedScore",
                {"values": values.tolist(), "mean": mean},
                [(values.mean() - mean) * np.sqrt(n / variance)],
            )


def wilson():
    for _ in range(250):
        n = int(rng.integers(1, 3000))
        k = int(rng.integers(0, n + 1))
        level = confidence()
        add("wilson", {"k": k, "n": n, "confidence": level}, list(proportion_confint(k, n, 1 - level, "wilson")))


def means():
    for _ in range(150):
        d = np.round(rng.normal(rng.uniform(-0.2, 0.2), 0.3, int(rng.integers(2, 120))), 3)
        level = confidence()
        found = stats.ttest_1samp(d, 0)
        interval = found.confidence_interval(level)
        add("pairedT", {"differences": d.tolist(), "confidence": level}, [found.pvalue, interval.low, interval.high])
    for _ in range(80):
        # Whole numbers, whose sums are exact: scipy does not see ties of sums that differ by rounding.
        d = np.round(rng.normal(10, 30, int(rng.integers(3, 11))))
        for alternative in ("two-sided", "greater"):
            found = stats.permutation_test(
                (d,), np.sum, permutation_type="samples", n_resamples=np.inf, alternative=alternative
            )
            add("signFlip", {"differences": d.tolist(), "alternative": alternative}, [found.pvalue])


def clusters():
    for _ in range(150):
        count = int(rng.integers(2, 25))
        groups = rng.integers(0, count, int(rng.integers(count + 5, 200)))
        if len(np.unique(groups)) < 2:
            continue
        d = np.round(rng.normal(0, 0.3, count)[groups] + rng.normal(0.05, 0.3, len(groups)), 3)
        fit = sm.OLS(d, np.ones(len(d))).fit(
            cov_type="cluster", cov_kwds={"groups": groups, "use_correction": True}, use_t=True
        )
        size = len(np.unique(groups))
        # statsmodels also multiplies by (n - 1) / (n - k), which is 1 for a mean.
        expected = [fit.bse[0], 2 * stats.t.sf(abs(fit.params[0] / fit.bse[0]), size - 1)]
        add("cluster", {"values": d.tolist(), "groups": groups.tolist()}, expected)
    for _ in range(50):
        size = int(rng.integers(2, 8))
        effects = rng.normal(0, 0.3, (int(rng.integers(3, 30)), 1))
        table = effects + rng.normal(0, 0.4, (len(effects), size))
        f = stats.f_oneway(*table).statistic
        add("icc", {"table": table.tolist()}, [max(0, (f - 1) / (f - 1 + size))])


def corrections():
    for _ in range(150):
        p = rng.uniform(0, 1, int(rng.integers(1, 20))) ** rng.uniform(1, 4)
        if rng.random() < 0.3:
            p = np.round(p, 2)
        add("holm", {"p": p.tolist()}, multipletests(p, method="holm")[1].tolist())
        add("benjaminiHochberg", {"p": p.tolist()}, multipletests(p, method="fdr_bh")[1].tolist())


def agreement():
    for _ in range(60):
        codes = int(rng.integers(2, 6))
        first = rng.integers(0, codes, int(rng.integers(20, 300)))
        second = np.where(rng.random(len(first)) < 0.6, first, rng.integers(0, codes, len(first)))
        table = np.zeros((codes, codes))
        np.add.at(table, (first, second), 1)
        for weights in (None, "linear", "quadratic"):
            found = cohens_kappa(table, wt=weights)
            given = {"first": first.tolist(), "second": second.tolist(), "codes": codes, "weights": weights or "none"}
            add("kappa", given, [found.kappa, found.std_kappa])


def labels():
    for _ in range(100):
        count = int(rng.integers(2, 12))
        expected = rng.integers(0, count, int(rng.integers(20, 400)))
        answered = np.where(rng.random(len(expected)) < 0.7, expected, rng.integers(0, count + 1, len(expected)))
        known = sorted(set(expected.tolist()))
        scores = [
            metrics.f1_score(expected, answered, labels=known, average="macro", zero_division=0),
            metrics.f1_score(expected, answered, average="micro"),
            metrics.matthews_corrcoef(expected, np.where(np.isin(answered, known), answered, -1)),
        ]
        add("labels", {"expected": expected.tolist(), "answered": answered.tolist()}, scores)
    for _ in range(30):
        right = rng.integers(0, 2, 60)
        probability = rng.uniform(0, 1, 60)
        add(
            "brier",
            {"probability": probability.tolist(), "right": right.tolist()},
            [metrics.brier_score_loss(right, probability)],
        )


def regressions():
    """Shares on one regressor with normal priors of 1 and 10: the maximum by a general solver, then both errors."""
    for _ in range(60):
        count = int(rng.integers(5, 40))
        groups = np.concatenate([np.arange(count), rng.integers(0, count, int(rng.integers(20, 200)))])
        x = rng.normal(0, 1, len(groups))
        y = (rng.random(len(x)) < special.expit(rng.uniform(-1, 1) + rng.uniform(-1, 1) * x)).astype(float)
        y = np.where(rng.random(len(x)) < 0.1, 0.5, y)
        design, precision = np.column_stack([np.ones(len(x)), x]), np.diag([1, 0.01])

        def minus_penalised(b):
            return -(y @ (design @ b) - np.logaddexp(0, design @ b).sum() - b @ precision @ b / 2)

        def minus_gradient(b):
            return -(design.T @ (y - special.expit(design @ b)) - precision @ b)

        b = optimize.minimize(minus_penalised, [0, 0], jac=minus_gradient, method="BFGS", options={"gtol": 1e-9}).x
        p = special.expit(design @ b)
        covariance = np.linalg.inv(design.T @ (design * (p * (1 - p))[:, None]) + precision)
        influence = (y - p) * (design @ covariance[0])
        sums = np.bincount(groups, influence - influence.mean())
        sandwich = np.sqrt((sums**2).sum() * count / (count - 1))
        half = stats.t.ppf(0.975, count - 1) * max(sandwich, np.sqrt(covariance[0, 0]))
        given = {"x": x.tolist(), "y": y.tolist(), "groups": groups.tolist()}
        add("fractionalLogit", given, [b[0], b[1], b[0] - half, b[0] + half])


def sample_sizes():
    """The first number of rows at which the power of the normal test, computed anew for each, is reached."""
    for _ in range(150):
        psi, margin = float(rng.uniform(0.05, 0.5)), float(rng.uniform(0.02, 0.1))
        power, level = float(rng.choice([0.8, 0.9])), confidence()
        difference = float(rng.uniform(-margin / 2, 0.02))
        z = stats.norm.ppf((1 + level) / 2)

        def reached(n):
            return stats.norm.cdf((margin + difference) / np.sqrt((psi - difference**2) / n) - z) >= power

        add(
            "rowsForNonInferiority",
            {"discordance": psi, "margin": margin, "difference": difference, "confidence": level, "power": power},
            [first(reached)],
        )
        delta = float(rng.uniform(0.02, psi * 0.9))

        def found(n):
            return stats.norm.cdf((delta * np.sqrt(n) - z * np.sqrt(psi)) / np.sqrt(psi - delta**2)) >= power

        add(
            "rowsForSuperiority",
            {"discordance": psi, "difference": delta, "confidence": level, "power": power},
            [first(found)],
        )


def first(reached):
    low, high = 0, 1
    while not reached(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def bootstraps():
    for index in range(20):
        d = rng.gamma(1.5, 0.2, int(rng.integers(20, 120))) - 0.25
        # In units of about the interval's width, so that one tolerance fits all.
        d = np.round(d * np.sqrt(len(d)) / d.std() / 4, 3)
        found = stats.bootstrap(
            (d,), np.mean, n_resamples=40_000, method="BCa", rng=np.random.default_rng(index), vectorized=True
        )
        plain = stats.bootstrap(
            (d,), np.mean, n_resamples=40_000, method="percentile", rng=np.random.default_rng(index), vectorized=True
        )
        ends = [*found.confidence_interval, *plain.confidence_interval]
        add("bootstrap", {"values": d.tolist()}, [float(end) for end in ends])


for make in (
    quantiles,
    discordant,
    tango,
    bounded_score,
    wilson,
    means,
    clusters,
    corrections,
    agreement,
    labels,
    regressions,
    sample_sizes,
    bootstraps,
):
    make()
json.dump(cases, sys.stdout, default=float)
