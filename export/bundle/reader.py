"""Reads a `.kioskbundle`: the Python twin of `KioskSearch` in Swift.

It answers from the files alone, with its own arithmetic, so that it proves the format:
nothing of the search engine is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from export.bundle import format as f
from export.bundle.folder import broken, check_files, read_manifest
from kiosk.domain import Vectors

_PRODUCTS = TypeAdapter(tuple[f.ProductEntry, ...])
_FILES = TypeAdapter(dict[str, f.FileEntry])


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle whose every byte is what was written.

    `vectors` is float32 (photos, dimension); product k owns the rows `products[k].first`
    to `first + count`.
    """

    path: Path
    model: f.ModelEntry
    preprocessing: f.PreprocessingEntry
    products: tuple[f.ProductEntry, ...]
    vectors: Vectors
    goldens: f.Goldens
    golden_vectors: Vectors
    manifest: Mapping[str, Any]
    bytes: int


def read_bundle(path: Path) -> Bundle:
    """Read and check everything.

    Raises:
        BundleError: damaged, edited, incomplete, or of a version that is not read here.
    """
    manifest = read_manifest(path)
    if manifest.get("format") != f.FORMAT or manifest.get("version") != f.VERSION:
        raise broken(
            path,
            f"is a {manifest.get('format')} of version {manifest.get('version')}; "
            f"a {f.FORMAT} of version {f.VERSION} is read here",
        )
    try:
        files = _FILES.validate_python(manifest.get("files"))
        check_files(path, files)
        goldens = f.Goldens.model_validate_json((path / f.GOLDENS).read_bytes())
        bundle = Bundle(
            path=path,
            model=f.ModelEntry.model_validate(manifest["model"]),
            preprocessing=f.PreprocessingEntry.model_validate(manifest["preprocessing"]),
            products=_PRODUCTS.validate_json((path / f.PRODUCTS).read_bytes()),
            vectors=read_array(path, f.ArrayEntry.model_validate(manifest["vectors"])),
            goldens=goldens,
            golden_vectors=read_array(path, goldens.vectors),
            manifest=manifest,
            bytes=sum(entry.bytes for entry in files.values()),
        )
    except (ValidationError, KeyError, OSError) as error:
        first = str(error).splitlines()[0]
        raise broken(path, f"does not hold what the format asks for ({first})") from error
    _check_rows(bundle)
    return bundle


def read_array(path: Path, entry: f.ArrayEntry) -> Vectors:
    """The rows of one array file, as float32.

    Raises:
        BundleError: the file has another size than its entry says.
    """
    dtype = np.dtype(entry.dtype).newbyteorder("<")
    data = np.frombuffer((path / entry.file).read_bytes(), dtype=dtype)
    if data.size != entry.rows * entry.columns:
        raise broken(path, f"has {data.size} numbers in {entry.file}, not rows x columns")
    rows: NDArray[np.float32] = data.reshape(entry.rows, entry.columns).astype(np.float32)
    return rows


def _check_rows(bundle: Bundle) -> None:
    taken = sorted((one.first, one.count, one.sku) for one in bundle.products if one.count)
    place = 0
    for first, count, sku in taken:
        if first != place:
            raise broken(bundle.path, f"gives {sku} the vectors from {first}, not {place}")
        place += count
    if place != len(bundle.vectors):
        raise broken(bundle.path, f"has {len(bundle.vectors)} vectors, its products {place}")
    if len(bundle.vectors) and bundle.vectors.shape[1] != bundle.model.dimension:
        raise broken(bundle.path, "has vectors of another length than its model's")
