#!/usr/bin/env python3
"""Compare ONNX files and values written by dspec with the reference checker and onnxruntime.

usage: onnx_compare.py FOLDER [DUMP]

FOLDER holds ONNX files. DUMP (default: FOLDER/values.jsonl) has one JSON object a line:

    {"file": "mlp.onnx", "inputs": {"x": [0.5, -1.0]}, "outputs": {"y": [0.25]}}

`file` is relative to FOLDER. `inputs` and `outputs` map the names of the network's inputs and outputs to their
elements in row-major order; shapes and element types are those that the file declares, a dynamic extent counts
as one. Every file must pass onnx.checker with full shape inference, and every output must agree within
1e-5 * max(1, |value|).

Exit status: 0 all agree, 1 something differs or fails the checker, 3 unreadable input.
"""

import json
import pathlib
import sys

import numpy
import onnx
import onnxruntime

TOLERANCE = 1e-5
ELEMENT_TYPES = {
    onnx.TensorProto.FLOAT: numpy.float32,
    onnx.TensorProto.DOUBLE: numpy.float64,
    onnx.TensorProto.INT64: numpy.int64,
}


def open_network(path):
    """The checked model and a session that runs it without rewriting it."""
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    return model, session


def feeds(model, values):
    """Arrays for the network's inputs, in the declared types and shapes."""
    # Up to format 3 initialisers are listed among the inputs.
    constants = {tensor.name for tensor in model.graph.initializer}
    declared = {info.name: info.type.tensor_type for info in model.graph.input if info.name not in constants}
    if set(declared) != set(values):
        raise ValueError(f"the dump gives the inputs {sorted(values)}, the file has {sorted(declared)}")
    arrays = {}
    for name, tensor in declared.items():
        shape = [extent.dim_value or 1 for extent in tensor.shape.dim]
        arrays[name] = numpy.array(values[name], dtype=ELEMENT_TYPES[tensor.elem_type]).reshape(shape)
    return arrays


def largest_difference(expected, actual):
    """Greatest difference relative to max(1, |expected|), infinite where sizes or kinds differ."""
    expected = numpy.asarray(expected, dtype=numpy.float64).reshape(-1)
    actual = numpy.asarray(actual, dtype=numpy.float64).reshape(-1)
    if expected.shape != actual.shape or not numpy.isfinite(actual).all():
        return float("inf")
    return float(numpy.max(numpy.abs(expected - actual) / numpy.maximum(1, numpy.abs(expected)), initial=0))


def main(arguments):
    if len(arguments) not in (1, 2):
        print(__doc__, file=sys.stderr)
        return 3
    folder = pathlib.Path(arguments[0])
    dump = pathlib.Path(arguments[1]) if len(arguments) == 2 else folder / "values.jsonl"
    try:
        records = [json.loads(line) for line in dump.read_text().splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        print(f"{dump}: {error}", file=sys.stderr)
        return 3
    networks = {}
    failures = 0
    for path in sorted(folder.glob("**/*.onnx")):
        name = path.relative_to(folder).as_posix()
        try:
            networks[name] = open_network(path)
        except Exception as error:  # The checker and the runtime raise many types.
            failures += 1
            print(f"FAIL {name}: {error}")
    if not networks or not records:
        print(f"{folder}: no networks or no values", file=sys.stderr)
        return 3
    worst = 0.0
    for number, record in enumerate(records, start=1):
        name = record.get("file")
        if name not in networks:
            failures += 1
            print(f"FAIL line {number}: no usable network `{name}`")
            continue
        model, session = networks[name]
        try:
            names = [info.name for info in model.graph.output]
            if set(names) != set(record["outputs"]):
                raise ValueError(f"the dump gives the outputs {sorted(record['outputs'])}, the file has {names}")
            results = dict(zip(names, session.run(names, feeds(model, record["inputs"]))))
        except Exception as error:
            failures += 1
            print(f"FAIL line {number} ({name}): {error}")
            continue
        for output, expected in record["outputs"].items():
            difference = largest_difference(expected, results[output])
            worst = max(worst, difference)
            if not difference <= TOLERANCE:
                failures += 1
                print(f"FAIL line {number} ({name}): output `{output}` differs by {difference:.3g}")
    unused = sorted(set(networks) - {record.get("file") for record in records})
    for name in unused:
        failures += 1
        print(f"FAIL {name}: no values in the dump")
    print(f"{len(networks)} networks, {len(records)} points, largest difference {worst:.3g}, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
