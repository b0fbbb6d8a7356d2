"""Makes reference.json: what statsmodels and numpy say of a few series, to compare Kerbwatt's own statistics with.

Run where statsmodels and numpy are installed, from this folder: python make.py
"""
import json

import numpy as np
import statsmodels
from statsmodels.tsa.seasonal import STL, seasonal_decompose


def made_series(rng, count, outliers):
    days = np.arange(count)
    week = np.array([1.0, 1.1, 1.2, 1.1, 1.4, 0.6, 0.4])
    series = 20 + 0.05 * days + 4 * week[days % 7] + rng.normal(0, 0.8, count)
    for at in outliers:
        series[at] += 25
    return np.round(series, 4)


def stl_case(series, season_window, trend_window, robust):
    found = STL(series, period=7, seasonal=season_window, trend=trend_window, robust=robust).fit()
    return {
        "season_window": season_window,
        "trend_window": trend_window,
        "robust": robust,
        "series": series.tolist(),
        "trend": np.round(found.trend, 9).tolist(),
        "season": np.round(found.seasonal, 9).tolist(),
    }


def seasons_case(rng):
    months = np.arange(40)
    series = (10 + 0.3 * months) * (1 + 0.2 * np.sin(2 * np.pi * months / 12)) + rng.normal(0, 0.2, 40)
    series = np.round(series, 4)
    found = seasonal_decompose(series, model="multiplicative", period=12)
    return {"series": series.tolist(), "indices": np.round(found.seasonal[:12], 9).tolist()}


def gini(values):
    """The mean absolute difference over twice the mean."""
    return float(np.abs(values[:, None] - values[None, :]).mean() / (2 * values.mean()))


def main():
    rng = np.random.default_rng(20240901)
    plain = made_series(rng, 112, [])
    spiked = made_series(rng, 120, [30, 31, 77])
    values = np.round(rng.exponential(3.0, 41), 4)
    shares = [0.0, 0.1, 0.25, 0.5, 0.75, 0.99, 1.0]
    reference = {
        "made_with": {"statsmodels": statsmodels.__version__, "numpy": np.__version__},
        "stl": [
            stl_case(plain, 7, 15, False),
            stl_case(plain, 27, 61, True),
            stl_case(spiked, 27, 61, True),
            stl_case(spiked[:40], 13, 61, True),
        ],
        "seasons": seasons_case(rng),
        "quantiles": {"values": values.tolist(), "shares": shares, "quantiles": np.quantile(values, shares).tolist()},
        "gini": gini(values),
    }
    with open("reference.json", "w", encoding="utf-8") as file:
        json.dump(reference, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
