"""Read a saved `.mlpackage` from disk: its description, metadata and program."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from export.to_coreml.tools import coremltools, quiet
from kiosk.errors import ModelError

WEIGHTS = Path("weights/weight.bin")
_STORED_OUTSIDE = b"@model_path/weights/"  # small programs hold their numbers themselves


@dataclass(frozen=True, slots=True)
class ImageInput:
    """An input of type image: pixels 0 to 255 in the order `colour` ("RGB" or "BGR")."""

    name: str
    width: int
    height: int
    colour: str


@dataclass(frozen=True, slots=True)
class TokenInput:
    """An input of token ids: int32 (1, length)."""

    name: str
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Package:
    """What a package on disk says of itself. `program` is coremltools' MIL program."""

    path: Path
    input: ImageInput | TokenInput
    output: str
    metadata: Mapping[str, str]
    program: Any
    weights_file: Path
    manifest_file: Path

    @property
    def tower(self) -> str:
        return "image" if isinstance(self.input, ImageInput) else "text"

    @property
    def bytes(self) -> int:
        return sum(file.stat().st_size for file in self.path.rglob("*") if file.is_file())


def read_package(path: Path) -> Package:
    """Read the package at `path`.

    Raises:
        ModelError: a part is missing, cut short or not what a package holds.
    """
    spec, program = read_program(path)
    return Package(
        path=path,
        input=_input(path, spec),
        output=_output(path, spec),
        metadata=dict(spec.description.metadata.userDefined),
        program=program,
        weights_file=locate_model(path).parent / WEIGHTS,
        manifest_file=path / "Manifest.json",
    )


def read_program(path: Path) -> tuple[Any, Any]:
    """Read a package's specification (protobuf) and its MIL program.

    Raises:
        ModelError: a part is missing, cut short or not what a package holds.
    """
    model_file = locate_model(path)
    weights = model_file.parent / WEIGHTS
    spec = _read_spec(path, model_file)
    if spec.WhichOneof("Type") != "mlProgram":
        raise _broken(path, f"holds a {spec.WhichOneof('Type')}, an mlProgram is wanted")
    if _STORED_OUTSIDE in spec.mlProgram.SerializeToString():
        check_weights_complete(path, weights)
    return spec, _load(path, spec, weights.parent)


def locate_model(path: Path) -> Path:
    """Return the model file that the package's manifest names.

    Raises:
        ModelError: there is no manifest, or it names files that are not there.
    """
    manifest_file = path / "Manifest.json"
    try:
        manifest = json.loads(manifest_file.read_text("utf-8"))
        entries = manifest["itemInfoEntries"]
        root = entries[manifest["rootModelIdentifier"]]
        files = [path / "Data" / str(entry["path"]) for entry in entries.values()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _broken(path, f"has no manifest that can be read ({error})") from error
    missing = [file.relative_to(path).as_posix() for file in files if not file.exists()]
    if missing:
        raise _broken(path, f"has a manifest that names missing files: {', '.join(missing)}")
    return path / "Data" / str(root["path"])


def check_weights_complete(path: Path, weights: Path) -> None:
    """Check that the blob file is as long as its entries say.

    Layout (MIL blob storage v2): a 64-byte header, then for each entry, aligned to 64
    bytes, a 64-byte record: sentinel 0xDEADBEEF, type, size and offset of the data.
    """
    if not weights.is_file():
        raise _broken(path, f"has no {WEIGHTS.as_posix()}")
    end, size = 64, weights.stat().st_size
    with weights.open("rb") as stream:
        header = stream.read(64)
        if len(header) < 64:
            raise _broken(path, "has a weight file that is cut short or damaged")
        count = int.from_bytes(header[:4], "little")
        for _ in range(count):
            stream.seek(end)
            record = stream.read(64)
            if len(record) < 64 or record[:4] != b"\xef\xbe\xad\xde":
                raise _broken(path, "has a weight file that is cut short or damaged")
            length = int.from_bytes(record[8:16], "little")
            offset = int.from_bytes(record[16:24], "little")
            end = -(-(offset + length) // 64) * 64
            if offset + length > size:
                raise _broken(path, f"has a weight file of {size} bytes, {end} are wanted")


def _read_spec(path: Path, model_file: Path) -> Any:
    from google.protobuf.message import DecodeError

    spec = coremltools().proto.Model_pb2.Model()
    try:
        spec.ParseFromString(model_file.read_bytes())
    except (OSError, DecodeError) as error:
        raise _broken(path, f"has a model file that cannot be read ({error})") from error
    return spec


def _input(path: Path, spec: Any) -> ImageInput | TokenInput:
    if len(spec.description.input) != 1:
        raise _broken(path, f"has {len(spec.description.input)} inputs, one is wanted")
    feature = spec.description.input[0]
    if feature.type.WhichOneof("Type") == "imageType":
        image = feature.type.imageType
        colour = image.ColorSpace.Name(image.colorSpace)
        return ImageInput(feature.name, image.width, image.height, colour)
    return TokenInput(feature.name, tuple(feature.type.multiArrayType.shape))


def _output(path: Path, spec: Any) -> str:
    if len(spec.description.output) != 1:
        raise _broken(path, f"has {len(spec.description.output)} outputs, one is wanted")
    return str(spec.description.output[0].name)


def _load(path: Path, spec: Any, weights_dir: Path) -> Any:
    from coremltools.converters.mil.frontend.milproto.load import load

    try:
        with quiet():
            return load(spec, spec.specificationVersion, str(weights_dir))
    except (RuntimeError, ValueError, AssertionError, KeyError, NotImplementedError) as error:
        raise _broken(path, f"has a program that cannot be read ({error})") from error


def _broken(path: Path, what: str) -> ModelError:
    return ModelError(
        f"The package {path.name} {what}.", next_step="Export it again, or copy it again."
    )
