"""From one frame to the next to what the customer sees: a deterministic state machine.

    IDLE ──something comes──> LOOKING ──frames agree──> MATCHED
                                 └────they do not─────> UNKNOWN
    any ──nothing there──> IDLE;  MATCHED, UNKNOWN ──another thing there──> a new vote

Once an answer stands, nothing is encoded until the scene changes.
"""

from __future__ import annotations

import time
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kiosk.camera import Frame
from kiosk.domain import Decision, Image, Recognition, Sighting, SightingState, Vectors
from kiosk.live.background import Scene, View, likeness, signature
from kiosk.live.frame_sampler import FrameSampler
from kiosk.live.presentation import Presentation
from kiosk.live.timeouts import SHARP, STILL, Timeouts, Timing
from kiosk.live.vote import Rules, Vote
from kiosk.vision.frame import normalise_exposure, reticle_box, sharpness

COMES = 0.25  # presence from which something is there
GOES = 0.10  # presence below which it has gone
SAME_NAMED = 0.6  # likeness: a named product may turn a little
SAME_UNKNOWN = 0.75  # another side of an unknown one is worth another look
SAME_MOVING = 0.3
SHARPER = 1.5
# Of the square around the object, by turns: as it is enrolled, and without the scenery that a
# turned object leaves in the corners. Two different cuts tell more than one twice.
SHARES = (1.0, 0.85)
# Before the empty scene is known, only a clear name counts: the picture may be the bare shop.
PROVISIONAL = Rules(agreeing=4, refusing=4, most=4)


class Recogniser(Protocol):
    """Encoder and search engine, as the live pipeline needs them; the shop is one."""

    def embed(self, image: Image) -> Vectors:
        """Encode one RGB picture: float32 (1, dimension)."""
        ...

    def recognise(
        self, vectors: Vectors, weights: NDArray[np.float32] | None = None
    ) -> Recognition:
        """Answer for several frames of one presentation."""
        ...


class LivePipeline:
    """Feed it frames in order; it says when what the customer would see changes.

    One thread calls it. The same frames and the same recogniser give the same
    sightings when `every` is fixed. Counters: `analysed` and `encoded` frames.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        *,
        every: int = 0,
        rules: Rules | None = None,
        patience: Timeouts | None = None,
    ) -> None:
        self.rhythm = FrameSampler(every)
        self.analysed = 0
        self.encoded = 0
        self._recogniser = recogniser
        self._rules = rules or Rules()
        self._timing = Timing(patience)
        self._scene = Scene()
        self._presentation: Presentation | None = None
        self._shown: Sighting | None = None

    def step(self, frame: Frame) -> Sighting | None:
        """Analyse a frame if it is due; the new sighting if the overlay changes."""
        if not self.rhythm.is_due(frame):
            return None
        self.analysed += 1
        view = self._scene.look(frame.image)
        elapsed_s = self._timing.tick(frame.t_ms, view.motion)
        if self._is_empty(view):
            if self._presentation is not None and not self._timing.is_gone(True):
                return None
            self._presentation = None
            if view.motion <= STILL:  # a hand on its way in is no part of the empty scene
                self._scene.adapt(view, elapsed_s)
            return self._show(frame, SightingState.IDLE)
        self._timing.is_gone(False)
        return self._follow(frame, view)

    def rest(self, frame: Frame) -> Sighting | None:
        """Another screen is in front: nothing is named until the next `step`."""
        self._presentation = None
        return self._show(frame, SightingState.IDLE)

    def lost(self, frame: Frame) -> Sighting | None:
        """No pictures came after `frame`: no name may stay up; the next starts afresh."""
        self._scene = Scene()
        return self.rest(frame)

    def look_again(self) -> None:
        """The catalogue has changed: decide again about what is being held."""
        self._presentation = None

    def product_view(self, image: Image) -> Image:
        """The square of `image` that shows the product, lit as for recognition. Any thread."""
        return normalise_exposure(self._scene.locate(image).crop(image))

    def empty_view(self) -> Image | None:
        """The reticle's part of the empty scene, small, if it is known. Any thread."""
        empty = self._scene.empty
        if empty is None:
            return None
        return reticle_box(empty.shape[1], empty.shape[0]).crop(empty).astype(np.uint8)

    def _is_empty(self, view: View) -> bool:
        if view.presence is None:
            return False
        return view.presence < (COMES if self._presentation is None else GOES)

    def _follow(self, frame: Frame, view: View) -> Sighting | None:
        """Something is there: go on with its presentation, or begin another."""
        crop = view.box.shrunk(SHARES[0]).crop(frame.image)
        now = self._presentation
        if now is not None and now.is_settled:
            if not self._is_another(now, view, crop):
                return self._leave_scenery(frame, view)
            now = None
        if now is None:
            provisional = self._scene.empty is None
            now = self._presentation = Presentation(frame.t_ms, provisional=provisional)
        sharp = sharpness(crop)
        if now.provisional and view.motion <= STILL and sharp < SHARP:
            return self._take_as_empty(frame, view)  # a bare wall, or a shop out of focus
        if not self._timing.is_clear_enough(view.motion, sharp):
            return self._wait(frame, now)
        self._encode(frame, view, now, sharp)
        return self._answer(frame, view, now)

    def _is_another(self, now: Presentation, view: View, crop: Image) -> bool:
        """Whether what is there is no longer what the answer was about."""
        alike = likeness(now.signature, signature(crop))
        if view.motion > STILL:
            return self._timing.is_different(alike < SAME_MOVING)
        if now.is_named:
            return alike < SAME_NAMED
        return alike < SAME_UNKNOWN or sharpness(crop) > SHARPER * now.sharpest

    def _leave_scenery(self, frame: Frame, view: View) -> Sighting | None:
        """An unknown thing that nobody holds becomes part of the empty scene."""
        shown = self._shown
        if shown is None or shown.state is not SightingState.UNKNOWN:
            return None
        return self._take_as_empty(frame, view) if self._timing.is_scenery() else None

    def _take_as_empty(self, frame: Frame, view: View) -> Sighting | None:
        self._scene.learn_empty(view)
        self._presentation = None
        return self._show(frame, SightingState.IDLE)

    def _encode(self, frame: Frame, view: View, now: Presentation, sharp: float) -> None:
        share = SHARES[now.frames % len(SHARES)]
        crop = normalise_exposure(view.box.shrunk(share).crop(frame.image))
        start = time.perf_counter()
        vector = self._recogniser.embed(np.ascontiguousarray(crop))
        self.rhythm.encoded((time.perf_counter() - start) * 1000)
        self.encoded += 1
        whole = view.box.shrunk(SHARES[0]).crop(frame.image)
        now.gather(vector, signature(whole), sharpness=sharp, motion=view.motion)

    def _answer(self, frame: Frame, view: View, now: Presentation) -> Sighting | None:
        rules = PROVISIONAL if now.provisional else self._rules
        vote = now.judge(self._recogniser.recognise(*now.evidence()), rules)
        if vote.decision is None:
            return self._wait(frame, now)
        if vote.decision is Decision.NAMED:
            return self._show(frame, SightingState.MATCHED, vote)
        if now.provisional or self._scene.has_ghost(view):
            return self._take_as_empty(frame, view)
        if self._only_turned(vote) or (now.is_shown and not vote.settled):
            return None
        now.is_shown = True
        return self._show(frame, SightingState.UNKNOWN, vote)

    def _only_turned(self, vote: Vote) -> bool:
        """The named product still comes first: its other side is no reason to take it down."""
        shown, best = self._shown, vote.recognition.best
        if shown is None or shown.sku is None or best is None:
            return False
        return vote.decision is Decision.UNSURE and best.sku == shown.sku

    def _wait(self, frame: Frame, now: Presentation) -> Sighting | None:
        """No answer yet: an older one stays for a moment, else the reticle fills."""
        if now.is_shown:
            return None
        shown = self._shown
        answered = shown is not None and shown.state in (
            SightingState.MATCHED,
            SightingState.UNKNOWN,
        )
        if answered and not self._timing.is_doubt_over(now.since_ms):
            return None
        if now.provisional:
            return self._show(frame, SightingState.IDLE)
        return self._show(frame, SightingState.LOOKING, now.vote)

    def _show(
        self, frame: Frame, state: SightingState, vote: Vote | None = None
    ) -> Sighting | None:
        """The sighting, unless the customer sees just that already."""
        sighting = _sighting(frame, state, vote)
        if self._shown is not None and _looks(self._shown) == _looks(sighting):
            return None
        self._shown = sighting
        return sighting


def _sighting(frame: Frame, state: SightingState, vote: Vote | None) -> Sighting:
    if vote is None or state is SightingState.IDLE:
        return Sighting(frame.index, frame.t_ms, state)
    if state is SightingState.LOOKING:
        return Sighting(frame.index, frame.t_ms, state, progress=vote.progress)
    best = vote.recognition.best
    return Sighting(
        frame.index,
        frame.t_ms,
        state,
        sku=best.sku if best and state is SightingState.MATCHED else None,
        confidence=best.confidence if best else 0.0,
        similarity=best.similarity if best else 0.0,
        candidates=vote.recognition.candidates,
        decision=vote.decision,
        progress=1.0,
    )


def _looks(sighting: Sighting) -> tuple[object, ...]:
    skus = tuple(candidate.sku for candidate in sighting.candidates)
    return sighting.state, sighting.sku, sighting.decision, sighting.progress, skus
