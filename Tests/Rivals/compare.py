#!/usr/bin/env python3
"""Measure dspec's bound engine and search beside others, in one run.

usage: compare.py --work FOLDER --benchmarks PROGRAM --dspec PROGRAM [--limit SECONDS] [--json FILE]

PROGRAM are the built `Benchmarks` and `dspec`. FOLDER receives networks and boxes. With DSPEC_BENCH naming a folder of
VNN competition benchmarks, and maraboupy installed, ACAS Xu instances are decided by both.

Exit status: 0 measured, 1 bounds that do not enclose the network's values, 3 a program that cannot be run.
"""

import argparse
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import time

import numpy

import networks
import verifiers
import yardstick


def best_of(count: int, work: object) -> tuple[float, object]:
    """The least seconds of several runs, and the last result."""
    least, result = float("inf"), None
    for _ in range(count):
        start = time.perf_counter()
        result = work()  # type: ignore[operator]
        least = min(least, time.perf_counter() - start)
    return least, result


def gigaflops() -> float:
    """What products of large matrices reach here, on all threads that NumPy uses, in 10^9 operations a second."""
    size = 1024
    left = numpy.random.default_rng(0).standard_normal((size, size))
    seconds, _ = best_of(5, lambda: left @ left)
    return 2 * size**3 / seconds / 1e9


def check(case: networks.Case, lower: numpy.ndarray, upper: numpy.ndarray) -> None:
    """Samples every box and looks outside the yardstick's bounds, so that nothing is compared with wrong ones."""
    generator = numpy.random.default_rng(5)
    for _ in range(20):
        part = generator.uniform(0, 1, case.lower.shape)
        values = yardstick.forward(case, case.lower + part * (case.upper - case.lower))
        if not ((lower - 1e-9 <= values) & (values <= upper + 1e-9)).all():
            print(f"bench-rivals: the yardstick's bounds of {case.name} miss a value", file=sys.stderr)
            sys.exit(1)


def measure(case: networks.Case, folder: pathlib.Path, program: str, speed: float) -> dict[str, object]:
    """The yardstick's and dspec's bounds of one case."""
    model, boxes = folder / "network.onnx", folder / "boxes.bin"
    networks.save(case, model)
    networks.save_boxes(case, boxes)
    seconds, bounds = best_of(3, lambda: yardstick.output_bounds(case))
    lower, upper = bounds  # type: ignore[misc]
    check(case, lower, upper)
    try:
        run = subprocess.run(
            [program, "bounds", str(model), str(boxes)], capture_output=True, text=True, check=True
        )
        ours = json.loads(run.stdout.splitlines()[-1])
    except (OSError, subprocess.CalledProcessError, IndexError, ValueError) as error:
        print(f"bench-rivals: {program} bounds: {error}", file=sys.stderr)
        sys.exit(3)
    count = len(case.lower)
    return {
        "case": case.name,
        "yardstick": 1e3 * seconds / count,
        "dspec": 1e3 * ours["seconds"] / count,
        "limit": yardstick.megaflop(case) / speed,
        "widthRatio": ours["meanWidth"] / float((upper - lower).mean()),
        "published": case.published,
    }


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="bench-rivals")
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--benchmarks", required=True)
    parser.add_argument("--dspec", required=True)
    parser.add_argument("--limit", type=int, default=30)
    parser.add_argument("--json", type=pathlib.Path)
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    speed = gigaflops()
    results = [measure(case, arguments.work, arguments.benchmarks, speed) for case in networks.cases()]
    print(f"Full backward linear bounds, ms a box; load {os.getloadavg()[0]:.1f}, products reach {speed:.0f} GFLOP/s")
    print(f"{'':46}{'NumPy':>9}{'dspec':>9}{'ratio':>7}{'limit':>9}{'widths':>8}  auto_LiRPA, 1 / 2 threads")
    for row in results:
        published = row["published"]
        quoted = f"{published[0]} / {published[1]} (quoted)" if published else "-"
        print(
            f"{row['case']:46}{row['yardstick']:9.3f}{row['dspec']:9.3f}"
            f"{row['yardstick'] / row['dspec']:6.1f}x{row['limit']:9.3f}{row['widthRatio']:8.3f}  {quoted}"
        )
    print("`limit` is the counted arithmetic at that speed; `widths` is dspec's mean width by NumPy's.")
    rows: list[dict[str, object]] = []
    folder = os.environ.get("DSPEC_BENCH")
    if not folder:
        print("ACAS Xu is skipped: DSPEC_BENCH names no folder of benchmarks.")
    elif importlib.util.find_spec("maraboupy") is None:
        print("ACAS Xu is skipped: maraboupy is not installed.")
    else:
        rows = verifiers.compare(pathlib.Path(folder) / "acasxu", arguments.dspec, arguments.limit)
        print(f"\nACAS Xu, CPU seconds within {arguments.limit} s")
        for item in rows:
            print(
                f"{item['instance']:22}dspec {item['dspec']:8}{item['dspecSeconds']:8.2f}"
                f"   Marabou {item['marabou']:8}{item['marabouSeconds']:8.2f}"
            )
    if arguments.json:
        arguments.json.write_text(json.dumps({"bounds": results, "acasxu": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
