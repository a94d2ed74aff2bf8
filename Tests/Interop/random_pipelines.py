#!/usr/bin/env python3
"""Compare verdicts of dspec about random diffusion pipelines with what sampling them elsewhere shows.

usage: random_pipelines.py DSPEC FOLDER [COUNT [FIRST]]

Each pipeline has networks of its own (linear layers, rectifiers, sigmoids, SiLU, GELU, hyperbolic tangents, softmax,
layer normalization, residuals) in ONNX files, and a DDIM sampler with some schedule, spacing and prediction. onnxruntime
evaluates the networks, and the sampler's steps are written here anew, from the formulas of the paper (Song, Meng, Ermon,
2021), so that only files and specification are common to both sides. What samples contradict may not be proved, what
they show may not be refuted, and of claims that are true or false by a margin at least three in four must be decided.

Exit status: 0 all agree, 1 something differs, 3 wrong usage.
"""

import json
import pathlib
import shutil
import subprocess
import sys

import numpy
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

POINTS = 6000  # of a domain, and draws of a law
MARGIN = 2e-4  # between what a sample shows and what a claim says of it; single precision differs by less
DECIDED = 0.75


class Network:
    """An ONNX graph in progress; the operators are chosen by `random`."""

    def __init__(self, random):
        self.random, self.nodes, self.weights = random, [], []

    def weight(self, value):
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(numpy.asarray(value), name))
        return name

    def draw(self, *shape):
        return self.weight(self.random.normal(0, 0.7, shape).astype(numpy.float32))

    def number(self, value):
        return self.weight(numpy.float32(value))

    def apply(self, operator, *inputs, **attributes):
        name = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [name], **attributes))
        return name

    def linear(self, x, columns, rows):
        kind = self.random.integers(3)
        if kind == 0:
            return self.apply("Gemm", x, self.draw(rows, columns), self.draw(rows), transB=1)
        if kind == 1:
            return self.apply("Gemm", x, self.draw(columns, rows), self.draw(rows))
        return self.apply("Add", self.apply("MatMul", x, self.draw(columns, rows)), self.draw(rows))

    def activation(self, x):
        kind = self.random.integers(9)
        if kind == 0:
            return self.apply("Mul", x, self.apply("Sigmoid", x))
        if kind == 1:
            gate = self.apply("Erf", self.apply("Div", x, self.number(2**0.5)))
            gate = self.apply("Add", gate, self.number(1))
            return self.apply("Mul", self.apply("Mul", x, gate), self.number(0.5))
        if kind == 2:
            return self.apply("Clip", x, self.number(-1), self.number(0.7))
        if kind == 3:
            return self.apply("Softmax", x, axis=-1)
        if kind == 4:
            return self.apply("LeakyRelu", x, alpha=0.125)
        return self.apply(("Relu", "Tanh", "Sigmoid", "Softplus")[kind - 5], x)

    def save(self, path, output, inputs, columns):
        self.nodes.append(helper.make_node("Identity", [output], ["y"]))
        infos = [helper.make_tensor_value_info(name, *kind) for name, kind in inputs.items()]
        result = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", columns])
        graph = helper.make_graph(self.nodes, "g", infos, [result], self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.checker.check_model(model, full_check=True)
        onnx.save(model, path)


class Pipeline:
    """A random pipeline, and its samples as NumPy and onnxruntime compute them."""

    def __init__(self, seed, folder):
        self.random = random = numpy.random.default_rng(seed)
        self.latents, self.steps = int(random.integers(1, 4)), int(random.choice([1, 2, 3, 5]))
        self.train_steps = int(random.choice([30, 120, 1020]))
        self.kind = str(random.choice(["linear", "scaled_linear"]))
        self.prediction = str(random.choice(["x0", "eps", "v"]))
        self.spacing = str(random.choice(["trailing", "leading"]))
        self.betas = (0.0001, 0.02) if self.train_steps > 1000 else (0.001, 0.03)
        self.radius = float(random.choice([0.5, 1, 2]))
        self.switch = int(random.integers(0, self.steps + 1))
        self.write(folder, int(random.integers(3, 7)))
        self.sessions = {path.stem: onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
                         for path in folder.glob("*.onnx")}
        low, high = self.betas
        line = numpy.linspace(low, high, self.train_steps) if self.kind == "linear" else \
            numpy.linspace(low**0.5, high**0.5, self.train_steps) ** 2
        self.alpha_bars = numpy.cumprod(1 - line)

    def write(self, folder, width):
        latent = {"z": (TensorProto.FLOAT, ["n", self.latents])}
        image = {"x": (TensorProto.FLOAT, ["n", 4])}
        index = (TensorProto.INT64, [1])
        net = Network(self.random)
        hidden = net.linear("z", self.latents, width)
        hidden = net.apply("Add", hidden, net.apply("Gather", net.draw(self.steps, width), "t", axis=0))
        hidden = net.activation(net.apply("Add", hidden, net.apply("Gather", net.draw(2, width), "c", axis=0)))
        if self.random.random() < 0.4:
            scale, shift = net.draw(width), net.draw(width)
            hidden = net.apply("LayerNormalization", hidden, scale, shift, axis=-1, epsilon=0.125)
        if self.random.random() < 0.5:
            hidden = net.activation(net.linear(hidden, width, width))
        output = net.linear(hidden, width, self.latents)
        if self.random.random() < 0.4:
            output = net.apply("Add", output, "z")
        net.save(folder / "denoiser.onnx", output, latent | {"t": index, "c": index}, self.latents)
        net = Network(self.random)
        hidden = net.linear("z", self.latents, 4)
        is_smooth = self.random.random() < 0.5
        output = net.apply("Sigmoid", hidden) if is_smooth else net.apply("Clip", hidden, net.number(0), net.number(1))
        net.save(folder / "decoder.onnx", output, latent, 4)
        net = Network(self.random)
        hidden = net.activation(net.linear("x", 4, width))
        net.save(folder / "head.onnx", net.apply("Sigmoid", net.linear(hidden, width, 1)), image, 1)
        net = Network(self.random)
        net.save(folder / "probe.onnx", net.linear(net.activation(net.linear("x", 4, width)), width, 2), image, 2)

    def run(self, name, values, **indices):
        first = "z" if name in ("denoiser", "decoder") else "x"
        feeds = {key: numpy.array([value]) for key, value in indices.items()}
        return self.sessions[name].run(None, {first: values.astype(numpy.float32)} | feeds)[0].astype(float)

    def images(self, latents, case, switch=None):
        """The images of latents under a case, which from the executed step `switch` on is the other one."""
        z, stride = latents, self.train_steps // self.steps
        for executed, step in enumerate(reversed(range(self.steps))):
            is_switched = switch is not None and executed >= switch
            output = self.run("denoiser", z, t=step, c=1 - case if is_switched else case)
            time = stride * (step + 1) - 1 if self.spacing == "trailing" else stride * step
            signal = self.alpha_bars[time]
            following = self.alpha_bars[time - stride] if time >= stride else 1.0
            clean, noise = {
                "x0": lambda: (output, (z - signal**0.5 * output) / (1 - signal) ** 0.5),
                "eps": lambda: ((z - (1 - signal) ** 0.5 * output) / signal**0.5, output),
                "v": lambda: (signal**0.5 * z - (1 - signal) ** 0.5 * output,
                              signal**0.5 * output + (1 - signal) ** 0.5 * z)}[self.prediction]()
            z = following**0.5 * clean + (1 - following) ** 0.5 * noise
        return self.run("decoder", z)

    def claims(self):
        """Claims by name: text, evidence, and whether each is true, false, or (None) true as far as samples tell."""
        box = self.random.uniform(-self.radius, self.radius, (POINTS, self.latents))
        corners = numpy.stack(numpy.meshgrid(*[[-self.radius, self.radius]] * self.latents), -1)
        box = numpy.concatenate([corners.reshape(-1, self.latents), box])
        images = [self.images(box, case) for case in (0, 1)]
        scores = numpy.concatenate([self.run("head", image)[:, 0] for image in images])
        record = numpy.round(images[0][0], 3)
        farthest = numpy.linalg.norm(images[0] - record, axis=1).max()
        low, high, spread = scores.min(), scores.max(), (scores.max() - scores.min()) / 2 + 0.02
        normal = self.random.normal(0, 1, (POINTS, self.latents))
        drawn = self.run("head", self.images(normal, 0))[:, 0]
        limit = round(float(numpy.quantile(drawn, 0.7)), 4)
        share = (drawn > limit).mean()
        errors = [(self.run("probe", self.images(normal, case, self.switch)).argmax(1) != case).mean()
                  for case in (0, 1)]
        error = sum(errors) / 2
        score, event = "forall z in Z, c in C: head(G(z, c))", f"P[z ~ PZ: head(G(z, C.a)) > {limit:.4f}]"
        rate = "BER[z ~ PZ, c ~ S: probe(Gs(z, c)) predicts c]"
        claims = {
            "Below": (f"{score} <= {max(high - MARGIN, 0):.6f}", "proof", False),
            "Above": (f"{score} >= {min(low + MARGIN, 1):.6f}", "proof", False),
            "AtMost": (f"{score} <= {min(high + spread, 1):.6f}", "proof", None),
            "AtLeast": (f"{score} >= {max(low - spread, 0):.6f}", "proof", None),
            # A share of 6000 draws is within six hundredths of the probability but for a chance below 1e-18 (Hoeffding).
            "Rare": (f"{event} <= {min(share + 0.06, 1):.4f}", "bound", True)}
        # A head that yields one number has no quantiles to lie between.
        if share > 0.06:
            claims["Rarer"] = (f"{event} <= {share - 0.06:.4f}", "bound", False)
        if farthest > 2e-3:
            claims["Near"] = (f"forall z in Z, r in R: l2(G(z, C.a), r) <= {farthest - 1e-3:.6f}", "proof", False)
        # A rate above one half is that of the opposite answer, and no claim may ask for it.
        if 0.06 < error < 0.5:
            claims["Blind"] = (f"{error - 0.06:.4f} <= {rate} <= {error + 0.06:.4f}", "bound", True)
            claims["Sharp"] = (f"{rate} <= {error - 0.06:.4f}", "bound", False)
        return f"points([{', '.join(f'{value:.3f}' for value in record)}])", claims

    def specification(self, points, claims):
        low, high = self.betas
        text = f"""dspec 1.0
module random

enum C {{ a, b }}
hazard H "something" {{}}
domain Z: Latent[{self.latents}] = box(-{self.radius:g}, {self.radius:g})
domain R: Image[4] in [0, 1] = {points}
dist PZ: Latent[{self.latents}] = normal(0, 1)
dist S: C = uniform(C)
network denoiser: (z: Latent[{self.latents}], t: Step[{self.steps}], c: C) -> Latent[{self.latents}] {{
  artifact: onnx("denoiser.onnx")
}}
network decoder: (z: Latent[{self.latents}]) -> Image[4] in [0, 1] {{ artifact: onnx("decoder.onnx") }}
network head: (x: Image[4] in [0, 1]) -> Prob {{ artifact: onnx("head.onnx") }}
network probe: (x: Image[4] in [0, 1]) -> C {{ artifact: onnx("probe.onnx") }}
sampler G: (z: Latent[{self.latents}], c: C) -> Image[4] in [0, 1] {{
  denoiser: denoiser
  decoder: decoder
  method: ddim(steps: {self.steps}, eta: 0, spacing: {self.spacing})
  schedule: {self.kind}(train_steps: {self.train_steps}, beta_start: {low}, beta_end: {high})
  prediction: {self.prediction}
}}
mitigation Switch of G: attribute_switching {{ yields: Gs  attribute: c  at: step({self.switch}) }}
"""
        return text + "".join(f"property {name} {{ mitigates: H  claim: {claim}  evidence: {evidence} }}\n"
                              for name, (claim, evidence, _) in claims.items())


def verdicts(dspec, specification):
    command = [dspec, "verify", specification, "--json", "--budget", "4"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode > 2:
        raise ValueError(f"{specification}: {result.stderr}{result.stdout}")
    answer = json.loads(result.stdout)
    return {item["property"]: item["verdict"] for item in answer["properties"]}


def main(arguments):
    if not 2 <= len(arguments) <= 4:
        print(__doc__, file=sys.stderr)
        return 3
    count, first = (int(value) for value in (arguments[2:] + ["20", "1"][len(arguments) - 2:]))
    failures = decided = due = 0
    for seed in range(first, first + count):
        folder = pathlib.Path(arguments[1]) / str(seed)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        pipeline = Pipeline(seed, folder)
        points, claims = pipeline.claims()
        (folder / "random.dspec").write_text(pipeline.specification(points, claims))
        found = verdicts(arguments[0], folder / "random.dspec")
        for name, (claim, _, is_true) in claims.items():
            verdict = found[name]
            due += is_true is not None
            decided += is_true is not None and verdict in ("proved", "refuted")
            if verdict == ("proved" if is_true is False else "refuted"):
                failures += 1
                print(f"FAIL {folder}, {name}: {verdict}, and samples show the opposite: {claim}")
    print(f"{count} pipelines, {decided} of {due} claims with a margin decided, {failures} failures")
    return 1 if failures or decided < DECIDED * due else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
