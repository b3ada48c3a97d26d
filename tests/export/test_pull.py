"""Pulling from a hub: a small one on this machine speaks its protocol."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kiosk.errors import ModelError
from kiosk.vision.encoders.text_encoder import OnnxTextEncoder
from kiosk.vision.models import find_model, list_models, pull_model, registry_entry
from kiosk.vision.models.download import download
from kiosk.vision.models.licences import consents
from tests.export.checkpoint_makers import mobilenet_v4, siglip2

REPO = "timm/mobilenetv4_conv_small.e2400_r224_in1k"


@dataclass
class Hub:
    """`files` maps repository/name to bytes; `cut_once` ends the first answer early."""

    files: dict[str, bytes] = field(default_factory=dict)
    promised: dict[str, str] = field(default_factory=dict)
    cut_once: int | None = None
    ranges: list[str] = field(default_factory=list)
    address: str = ""


def _handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self._answer(body=False)

        def do_GET(self) -> None:
            self._answer(body=True)

        def _answer(self, *, body: bool) -> None:
            name = self.path.lstrip("/").replace("/resolve/main", "")
            data = hub.files.get(name)
            if data is None:
                self.send_response(404)
                self.send_header("X-Error-Code", "EntryNotFound")
                self.send_header("X-Repo-Commit", "0" * 40)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            start = 0
            if "Range" in self.headers:
                hub.ranges.append(self.headers["Range"])
                start = int(self.headers["Range"].removeprefix("bytes=").split("-")[0])
            self.send_response(206 if start else 200)
            self.send_header("ETag", f'"{hub.promised.get(name) or _sha256(data)}"')
            self.send_header("X-Repo-Commit", "0" * 40)
            self.send_header("Accept-Ranges", "bytes")
            self.send_header("Content-Length", str(len(data) - start))
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            self.end_headers()
            if body:
                end, hub.cut_once = hub.cut_once, None
                self.wfile.write(data[start:end])
                self.close_connection = end is not None

        def log_message(self, *_args: object) -> None: ...

    return Handler


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    hub = Hub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(hub))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    hub.address = f"http://127.0.0.1:{server.server_port}"
    yield hub
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.timeout(600)
def test_pulled_model_is_downloaded_converted_and_written(hub: Hub, tmp_path: Path) -> None:
    hub.files[f"{REPO}/model.safetensors"] = mobilenet_v4(tmp_path).read_bytes()
    seen: list[tuple[str, float]] = []
    folder = pull_model(
        "mobilenet_v4_small",
        root=tmp_path / "models",
        endpoint=hub.address,
        on_step=lambda step, share: seen.append((step, share)),
    )
    assert folder.card.parity.cosine_min >= 0.9999
    assert folder.card.source.sha256 == _sha256(hub.files[f"{REPO}/model.safetensors"])
    shares = [share for step, share in seen if step == "download"]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert find_model("mobilenet_v4_small", roots=[tmp_path / "models"]).path == folder.path


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("convert_here")
def test_tokenizer_of_its_own_is_pulled_with_the_model(hub: Hub, tmp_path: Path) -> None:
    siglip2(tmp_path)
    for name in ("open_clip_pytorch_model.bin", "open_clip_config.json", "tokenizer.json"):
        hub.files[f"timm/ViT-B-16-SigLIP2/{name}"] = (tmp_path / name).read_bytes()
    folder = pull_model("siglip2_base", root=tmp_path / "models", endpoint=hub.address)
    assert folder.card.text is not None
    text = OnnxTextEncoder(folder, runtime="onnxruntime")
    assert text.token_ids(["milk"]).shape == (1, 64)


def test_broken_download_goes_on_where_it_stopped(hub: Hub, tmp_path: Path) -> None:
    data = bytes(range(256)) * 80_000  # the client keeps what came in whole pieces of 10 MB
    hub.files[f"{REPO}/model.safetensors"] = data
    hub.cut_once = 15_000_000
    (tmp_path / "here").mkdir()
    got = download(
        registry_entry("mobilenet_v4_small"),
        tmp_path / "here",
        on_step=lambda _step, _share: None,
        endpoint=hub.address,
    )
    assert got.read_bytes() == data
    assert hub.ranges
    assert all(start != "bytes=0-" for start in hub.ranges)


def test_damaged_download_is_refused_and_nothing_is_written(hub: Hub, tmp_path: Path) -> None:
    hub.files[f"{REPO}/model.safetensors"] = b"other bytes"
    hub.promised[f"{REPO}/model.safetensors"] = "a" * 64
    with pytest.raises(ModelError, match="arrived damaged"):
        pull_model("mobilenet_v4_small", root=tmp_path / "models", endpoint=hub.address)
    assert list_models(roots=[tmp_path / "models"]) == []


def test_repository_without_the_file_is_named(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"has none of model\.safetensors, pytorch_model\.bin"):
        pull_model("mobilenet_v4_small", root=tmp_path / "models", endpoint=hub.address)


def test_without_a_connection_the_way_out_is_named(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="could not be downloaded") as caught:
        pull_model("mobilenet_v4_small", root=tmp_path / "models", endpoint="http://127.0.0.1:9")
    assert "Check the connection" in caught.value.next_step
    assert "kiosk models add" in caught.value.next_step


def test_agreed_consent_is_recorded_before_the_download(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"has none of mobileclip_s0\.pt"):
        pull_model("mobileclip_s0", consent=True, root=tmp_path / "models", endpoint=hub.address)
    assert consents(tmp_path / "models")["mobileclip_s0"]["licence"] == "LicenseRef-Apple-AMLR"
