"""Marabou 2 and dspec on small instances of the VNN competition's ACAS Xu benchmark."""

import pathlib
import re
import resource
import subprocess
import time

INSTANCES = [(1, 1, 1), (2, 2, 3), (3, 3, 3), (5, 1, 3), (1, 5, 4), (4, 5, 4)]
"""First and second number of the network, and the property: some that are quick and some that are not."""

BOUND = re.compile(r"\(assert \((<=|>=) ([XY])_(\d+) (?:([XY])_(\d+)|([-+.\deE]+))\)\)")


def constraints(path: pathlib.Path) -> list[tuple[str, str, int, int | None, float]]:
    """The asserted comparisons of a file without disjunctions: relation, kind, index, and the other index or number."""
    found = []
    text = path.read_text()
    for relation, kind, index, _, other, number in BOUND.findall(text):
        found.append((relation, kind, int(index), int(other) if other else None, float(number or 0)))
    if len(found) != text.count("(assert"):
        raise ValueError(f"{path.name}: an assertion is no simple comparison")
    return found


def marabou(network: pathlib.Path, prop: pathlib.Path, limit: int) -> tuple[str, float]:
    """Marabou's answer and its CPU seconds."""
    from maraboupy import Marabou, MarabouUtils  # type: ignore[import-not-found]

    query = Marabou.read_onnx(str(network))
    inputs, outputs = query.inputVars[0].flatten(), query.outputVars[0].flatten()
    for relation, kind, index, other, number in constraints(prop):
        variable = (inputs if kind == "X" else outputs)[index]
        if other is None and relation == "<=":
            query.setUpperBound(variable, number)
        elif other is None:
            query.setLowerBound(variable, number)
        else:
            sign = 1.0 if relation == "<=" else -1.0
            equation = MarabouUtils.Equation(Marabou.MarabouCore.Equation.LE)
            equation.addAddend(sign, variable)
            equation.addAddend(-sign, outputs[other])
            equation.setScalar(0.0)
            query.addEquation(equation)
    start = time.process_time()
    answer, _, _ = query.solve(options=Marabou.createOptions(timeoutInSeconds=limit, verbosity=0), verbose=False)
    return answer.lower(), time.process_time() - start


def dspec(program: str, network: pathlib.Path, prop: pathlib.Path, limit: int) -> tuple[str, float]:
    """dspec's answer and its CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run(
        [program, "vnnlib", str(network), str(prop), "--budget", str(limit)], capture_output=True, text=True, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return run.stdout.split()[0] if run.stdout.split() else f"exit {run.returncode}", seconds


def compare(folder: pathlib.Path, program: str, limit: int) -> list[dict[str, object]]:
    """A row for each instance."""
    rows = []
    for first, second, number in INSTANCES:
        network = folder / "onnx" / f"ACASXU_run2a_{first}_{second}_batch_2000.onnx"
        prop = folder / "vnnlib" / f"prop_{number}.vnnlib"
        ours = dspec(program, network, prop, limit)
        theirs = marabou(network, prop, limit)
        rows.append(
            {
                "instance": f"{first}_{second} property {number}",
                "dspec": ours[0],
                "dspecSeconds": ours[1],
                "marabou": theirs[0],
                "marabouSeconds": theirs[1],
            }
        )
    return rows
