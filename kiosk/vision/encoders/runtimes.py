"""Run graphs: ONNX Runtime with its providers, or OpenVINO."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kiosk.errors import ModelError
from kiosk.files import write_durably
from kiosk.inference import automatic_threads, session_options
from kiosk.resources import models_dir

_PROVIDERS = {
    "onnxruntime": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
    "directml": "DmlExecutionProvider",
}
_CHOICE_FILE = "runtimes.json"
_TYPES = {"tensor(float)": np.float32, "tensor(int64)": np.int64, "tensor(int32)": np.int32}
Shape = tuple[int | str | None, ...]


class Graph(Protocol):
    """One loaded network, safe to run from several threads at once."""

    runtime: str
    inputs: dict[str, Shape]
    outputs: dict[str, Shape]

    def run(self, values: NDArray[Any], *, input_name: str, output_name: str) -> NDArray[Any]:
        """Run one batch, cast to the type that the input wants."""
        ...


def open_graph(path: Path, *, runtime: str = "auto", threads: int = 0, model_id: str = "") -> Graph:
    """Load an ONNX file in a runtime.

    `auto` is CUDA where its provider is installed, else what `kiosk models recommend`
    measured to be fastest for `model_id` on this machine, else ONNX Runtime.

    Raises:
        ModelError: the runtime is not installed here, or it cannot load the file.
    """
    chosen = choose_runtime(model_id) if runtime == "auto" else runtime
    if chosen not in installed_runtimes():
        raise ModelError(
            f"The runtime {chosen!r} is not installed; here are: "
            f"{', '.join(installed_runtimes())}.",
            next_step="Install it, or set the runtime to auto.",
        )
    count = threads or automatic_threads()
    try:
        if chosen == "openvino":
            return OpenVinoGraph(path, count)
        return OnnxRuntimeGraph(path, chosen, count)
    except Exception as error:  # neither runtime's errors share a narrower base
        raise ModelError(
            f"{path} cannot be loaded by {chosen}: {(str(error).splitlines() or ['?'])[0]}",
            next_step="Add the model again.",
        ) from error


def installed_runtimes() -> list[str]:
    """Return the names of the runtimes of this machine, the plain one first."""
    import onnxruntime as ort  # not at the top: the window opens while it is loaded

    providers = ort.get_available_providers()
    names = [name for name, provider in _PROVIDERS.items() if provider in providers]
    if importlib.util.find_spec("openvino") is not None:
        names.append("openvino")
    return names


def choose_runtime(model_id: str, *, root: Path | None = None) -> str:
    """Return the runtime that `auto` stands for."""
    installed = installed_runtimes()
    if "cuda" in installed:
        return "cuda"
    measured = _read_choices(root).get(model_id)
    return measured if measured in installed else "onnxruntime"


def remember_runtime(model_id: str, runtime: str, *, root: Path | None = None) -> None:
    """Record that `auto` means `runtime` for this model."""
    folder = root or models_dir()
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(_read_choices(root) | {model_id: runtime}, indent=2)
    write_durably(folder / _CHOICE_FILE, text + "\n")


class OnnxRuntimeGraph:
    """A session of ONNX Runtime with bounded threads that sleep while they wait."""

    def __init__(self, path: Path, runtime: str, threads: int) -> None:
        import onnxruntime as ort

        options = session_options(threads)
        providers = list(dict.fromkeys([_PROVIDERS[runtime], "CPUExecutionProvider"]))
        self.runtime = runtime
        self._session = ort.InferenceSession(str(path), options, providers=providers)
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        self.inputs: dict[str, Shape] = {node.name: tuple(node.shape) for node in inputs}
        self.outputs: dict[str, Shape] = {node.name: tuple(node.shape) for node in outputs}
        self._types = {node.name: _TYPES.get(node.type, np.float32) for node in inputs}

    def run(self, values: NDArray[Any], *, input_name: str, output_name: str) -> NDArray[Any]:
        """See `Graph.run`."""
        fed = values.astype(self._types[input_name], copy=False)
        result: NDArray[Any] = self._session.run([output_name], {input_name: fed})[0]
        return result


class OpenVinoGraph:
    """A compiled model of OpenVINO; each call has a request of its own."""

    runtime = "openvino"

    def __init__(self, path: Path, threads: int) -> None:
        import openvino

        model = openvino.Core().read_model(str(path))
        # By default it computes in bfloat16 where the processor can: cosine .996 to ONNX
        # Runtime, so that its vectors would not be those stored under the same fingerprint.
        settings = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_NUM_THREADS": threads,
            "INFERENCE_PRECISION_HINT": "f32",
        }
        self._compiled = openvino.compile_model(model, "CPU", settings)
        self.inputs = {_name(port): _shape(port) for port in model.inputs}
        self.outputs = {_name(port): _shape(port) for port in model.outputs}
        self._types = {_name(port): port.element_type.to_dtype() for port in model.inputs}

    def run(self, values: NDArray[Any], *, input_name: str, output_name: str) -> NDArray[Any]:
        """See `Graph.run`."""
        fed = np.ascontiguousarray(values.astype(self._types[input_name], copy=False))
        request = self._compiled.create_infer_request()
        request.infer({input_name: fed})
        return np.array(request.get_tensor(output_name).data)


def _name(port: Any) -> str:
    return str(port.get_any_name())


def _shape(port: Any) -> Shape:
    dimensions: Sequence[Any] = port.get_partial_shape()
    return tuple(int(axis.get_length()) if axis.is_static else None for axis in dimensions)


def _read_choices(root: Path | None) -> dict[str, str]:
    try:
        stored = json.loads(((root or models_dir()) / _CHOICE_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # never measured here
    return {str(k): str(v) for k, v in stored.items()} if isinstance(stored, dict) else {}
