"""Run the live pipeline without a window: one JSON line whenever the overlay changes."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from typing import TextIO

from kiosk.camera import CameraState, CameraStatus, Capture, FrameSlot, FrameSource
from kiosk.domain import Candidate, Sighting, describe_evidence
from kiosk.live.pipeline import CloserLook, LivePipeline, Recogniser
from kiosk.live.scanner import CodeBook
from kiosk.live.second_look import ImmediateLooks
from kiosk.live.worker import LiveWorker

WAKE_S = 0.5  # chosen by eye
EVERY_OFFLINE = 2  # automatic would depend on this machine's speed


def describe_sighting(sighting: Sighting) -> dict[str, object]:
    """Return the overlay from this frame on as JSON holds it, and a code if it rests on one."""
    scan = sighting.scan
    scanned = {} if scan is None else {"by": "barcode", "code": scan.code}
    return {
        "frame": sighting.frame,
        "t_ms": sighting.t_ms,
        "state": sighting.state.value,
        "sku": sighting.sku,
        "confidence": round(sighting.confidence, 4),
        "similarity": round(sighting.similarity, 4),
        "candidates": [candidate.sku for candidate in sighting.candidates[:5]],
        **scanned,
        **_evidence(sighting.candidates[:5]),
    }


def _evidence(candidates: Sequence[Candidate]) -> dict[str, object]:
    """What a second look said, by SKU, if there was one."""
    said = {each.sku: describe_evidence(each.evidence) for each in candidates}
    return {"evidence": said} if any(said.values()) else {}


class EventWriter:
    """Writes a line for each sighting that differs in what a line says."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._last: dict[str, object] = {}

    def __call__(self, sighting: Sighting) -> None:
        line = describe_sighting(sighting)
        content = {key: line[key] for key in line if key not in ("frame", "t_ms")}
        if content != self._last:
            self._last = content
            self._out.write(json.dumps(line) + "\n")
            self._out.flush()


def watch(
    source: FrameSource,
    recogniser: Recogniser,
    out: TextIO,
    *,
    every: int = 0,
    realtime: bool = True,
    codes: CodeBook | None = None,
    closer: CloserLook | None = None,
    on_status: Callable[[CameraStatus], None] | None = None,
) -> None:
    """Write the events of `source` to `out` until it ends (a camera: until interrupted).

    `realtime` False analyses every Nth frame in order, however long it takes: the same
    recording gives the same lines. `every` 0 is automatic (2 when not in real time).
    `codes` knows what barcodes stand for; without it none are looked for. `closer` takes second
    looks: beside the frames, or at once when not in real time.

    Raises:
        CameraError: the source cannot be opened (in real time a camera is tried again).
    """
    writer = EventWriter(out)
    if realtime:
        pipeline = LivePipeline(recogniser, every=every, codes=codes, closer=closer)
        _watch_in_real_time(source, pipeline, writer, on_status)
        return
    pipeline = LivePipeline(
        recogniser,
        every=every or EVERY_OFFLINE,
        codes=codes,
        closer=closer,
        looks=ImmediateLooks(),
    )
    source.open()
    try:
        while (frame := source.read()) is not None:
            if (sighting := pipeline.step(frame)) is not None:
                writer(sighting)
    finally:
        source.close()


def _watch_in_real_time(
    source: FrameSource,
    pipeline: LivePipeline,
    writer: EventWriter,
    on_status: Callable[[CameraStatus], None] | None,
) -> None:
    ended = threading.Event()

    def note(status: CameraStatus) -> None:
        if on_status is not None:
            on_status(status)
        if status.state is CameraState.ENDED:
            ended.set()

    slot = FrameSlot()
    capture = Capture(lambda: source, slot, note)
    worker = LiveWorker(slot, pipeline, writer)
    capture.start()
    worker.start()
    try:
        while not ended.wait(WAKE_S):  # a bare wait would not let Ctrl-C through on Windows
            pass
    finally:
        worker.stop()
        pipeline.close()
        capture.stop()
