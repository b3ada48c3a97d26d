"""Messages through a pipe arrive whole, or their reader learns that the other end has gone."""

from __future__ import annotations

import io
import os
import subprocess
import threading
from pathlib import Path

import numpy as np
import pytest

from kiosk.pipes import (
    FAULT,
    IMAGE,
    PipeClosedError,
    child_command,
    child_environment,
    receive,
    send,
    send_fault,
    send_image,
)


def test_a_picture_larger_than_the_pipe_arrives_whole() -> None:
    image = np.random.default_rng(0).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb", 0) as source, os.fdopen(writer, "wb", 0) as sink:
        thread = threading.Thread(target=send_image, args=(sink, image[:, ::-1], 7))
        thread.start()
        message = receive(source)
        thread.join()
    assert (message.kind, message.numbers) == (IMAGE, (300, 400, 7, 0))
    assert np.array_equal(message.image, image[:, ::-1])
    assert message.image.flags.writeable


def test_a_fault_arrives_as_text() -> None:
    stream = io.BytesIO()
    send_fault(stream, "kein Bild: ß")
    stream.seek(0)
    message = receive(stream)
    assert (message.kind, message.text) == (FAULT, "kein Bild: ß")


@pytest.mark.parametrize("kept", [0, 10, -1])
def test_a_message_that_is_cut_off_is_noticed(kept: int) -> None:
    stream = io.BytesIO()
    send(stream, b"TEST", b"some bytes")
    with pytest.raises(PipeClosedError):
        receive(io.BytesIO(stream.getvalue()[:kept]))


def test_writing_to_nobody_is_noticed() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb", 0) as sink, pytest.raises(PipeClosedError):
        send(sink, b"TEST", b"some bytes")


@pytest.mark.parametrize(
    "command",
    [child_command("kiosk.api.decode_child", "512"), child_command("kiosk.camera.grabber")],
    ids=["decoder", "camera"],
)
def test_a_child_imports_nothing_from_the_current_folder(
    tmp_path: Path, command: list[str]
) -> None:
    for name in ("PIL", "cv2", "numpy", "kiosk"):
        (tmp_path / f"{name}.py").write_text("import pathlib; pathlib.Path('ran').touch()")
    subprocess.run(command, cwd=tmp_path, env=child_environment(), input=b"{}", check=False)
    assert not (tmp_path / "ran").exists()
