"""From frames to what the customer sees: segmentation, encoding, votes, the state machine.

`kiosk.live.state` holds the states and their transitions. Once an answer stands, nothing
is encoded until the scene changes.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kiosk.camera import Frame
from kiosk.domain import Decision, Evidence, Image, Recognition, Scan, Sighting, Vectors
from kiosk.live import state
from kiosk.live.background import BackgroundModel, View
from kiosk.live.frame_sampler import FrameSampler
from kiosk.live.presentation import Presentation
from kiosk.live.scanner import CodeBook, CodeScanner
from kiosk.live.second_look import BackgroundLooks, Looks
from kiosk.live.state import Phase, Transition
from kiosk.live.timeouts import SHARP, STILL, PresentationTimer, Timeouts
from kiosk.live.vote import Rules
from kiosk.vision.frame import Mask, correlation, normalise_exposure, sharpness, signature

SAME_NAMED = 0.6  # correlation: a named product may turn a little; chosen by eye
SAME_UNKNOWN = 0.75  # another side of an unknown one is worth another look; chosen by eye
SAME_MOVING = 0.3  # while it moves; chosen by eye
MAX_LOOKS = 3  # second looks at one presentation: more tell little more; chosen by eye
SHARPER = 1.5  # times as sharp: an unknown one is worth another look; chosen by eye
# Shares of the square around the object, by turns: as it is enrolled, and without the scenery
# that a turned object leaves in the corners. Two different crops tell more than one twice.
CROP_SHARES = (1.0, 0.85)
CONFIRMED = Rules()
# Before the empty scene is known, only a clear name counts: the picture may be the bare shop.
PROVISIONAL = Rules(agreeing=4, refusing=4, max_frames=4)


class Recogniser(Protocol):
    """Encoder and search engine, as the live pipeline needs them; the shop is one."""

    def embed(self, image: Image) -> Vectors:
        """Encode one RGB picture: float32 (1, dimension)."""
        ...

    def recognise(
        self, vectors: Vectors, weights: NDArray[np.float32] | None = None
    ) -> Recognition:
        """Recognise the product in several frames of one presentation."""
        ...


class CloserLook(Protocol):
    """A recogniser that can compare details when it is not sure; the shop is one."""

    def needs_evidence(self, recognition: Recognition) -> bool:
        """Whether the glance is not sure enough."""
        ...

    def gather_evidence(
        self,
        image: Image,
        vectors: Vectors,
        weights: NDArray[np.float32] | None = None,
        *,
        mask: Mask | None = None,
    ) -> Mapping[str, Evidence]:
        """Compare a picture with the photos of the first candidates; any thread, up to 450 ms."""
        ...

    def recognise_with(
        self,
        vectors: Vectors,
        weights: NDArray[np.float32] | None,
        evidence: Mapping[str, Evidence],
    ) -> Recognition:
        """As `Recogniser.recognise`, with what second looks said."""
        ...


class LivePipeline:
    """Takes frames in order; returns a sighting when what the customer would see changes.

    One thread calls it. The same frames and the same recogniser give the same
    sightings when `every` is fixed.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        *,
        every: int = 0,
        timeouts: Timeouts | None = None,
        codes: CodeBook | None = None,
        closer: CloserLook | None = None,
        looks: Looks | None = None,
    ) -> None:
        """`codes` knows what barcodes stand for; without it none are looked for.

        `closer` takes second looks, in `looks` (default: a thread of their own; see `close`).
        """
        self._closer = closer
        self._looks = looks or BackgroundLooks()
        self._scanner = None if codes is None else CodeScanner(codes)
        self.sampler = FrameSampler(every)
        self._recogniser = recogniser
        self._timer = PresentationTimer(timeouts)
        self._background = BackgroundModel()
        self._presentation: Presentation | None = None
        self._shown: Sighting | None = None

    def step(self, frame: Frame) -> Sighting | None:
        """Analyse a frame if the sampler accepts it; the new sighting if the overlay changes."""
        if not self.sampler.accept(frame):
            return None
        view = self._background.observe(frame.image)
        elapsed_s = self._timer.tick(frame.t_ms, view.motion)
        scan = self._scanner.scan(frame) if self._scanner else None
        if scan is not None and self._is_final(scan):
            transition = self._answer(scan, frame, view)
        else:
            transition = self._advance(frame, view, elapsed_s)
            if scan is not None and self._is_refused(frame):
                transition = self._answer(scan, frame, view)
        if transition.learns_empty:
            self._background.learn_empty(view)
        return self._apply(transition, frame)

    def rest(self, frame: Frame) -> Sighting | None:
        """Clear the overlay: another screen is in front, nothing is named until `step`."""
        return self._apply(state.CLEAR, frame)

    def lost(self, frame: Frame) -> Sighting | None:
        """Clear the overlay and forget the scene: no pictures came after `frame`."""
        self._background = BackgroundModel()
        return self.rest(frame)

    def close(self) -> None:
        """Take no more second looks."""
        self._looks.close()

    def look_again(self) -> None:
        """Decide again about what is being held: the catalogue has changed."""
        self._presentation = None
        if self._scanner is not None:
            self._scanner.forget()

    def product_view(self, image: Image) -> Image:
        """Crop `image` to the product, lit as for recognition. Any thread may call it."""
        return normalise_exposure(self._background.locate(image).crop(image))

    def empty_view(self, image: Image) -> Image | None:
        """Return what `image` would show in the reticle without a product. Any thread."""
        return self._background.empty_reticle(image)

    def _is_final(self, scan: Scan) -> bool:
        """A product's code, or an unknown one that has been answered already."""
        is_answered = self._presentation is not None and self._presentation.scan == scan
        return scan.sku is not None or is_answered

    def _is_refused(self, frame: Frame) -> bool:
        """Whether the code in view, which the catalogue does not have, is the answer.

        A product whose barcode nobody has entered may still be named by its picture.
        """
        vote = self._presentation.vote if self._presentation else None
        if self._scanner is None:
            return False
        if vote is None or vote.decision is None:
            return self._scanner.has_waited(frame.t_ms)
        best = vote.recognition.best
        is_named = vote.decision is Decision.NAMED and best is not None
        return not is_named or best is None or self._scanner.has_barcode(best.sku)

    def _answer(self, scan: Scan, frame: Frame, view: View) -> Transition:
        """Let the code be the answer until another thing is there."""
        if self._presentation is None or self._presentation.scan != scan:
            self._presentation = Presentation(frame.t_ms, is_provisional=False)
            self._presentation.scan = scan
        if self._scanner is not None and self._scanner.is_read_at(frame.t_ms):
            self._presentation.signature = signature(view.box.crop(frame.image))
        self._timer.update_absence(False)
        return state.when_scanned(scan)

    def _advance(self, frame: Frame, view: View, elapsed_s: float) -> Transition:
        """Update timers, background and votes by what `view` shows."""
        phase = state.phase_of(self._presentation)
        is_absent = state.is_absent(view.presence, phase)
        self._timer.update_absence(is_absent)
        if is_absent:
            transition = state.when_absent(phase, is_gone=self._timer.is_gone)
            # A hand on its way in is no part of the empty scene.
            if transition is state.CLEAR and view.motion <= STILL:
                self._background.adapt(view, elapsed_s)
            return transition
        crop = view.box.crop(frame.image)
        presentation = self._presentation
        if presentation is not None and phase is Phase.ANSWERED:
            if not self._is_another(presentation, view, crop):
                return state.when_answered(self._shown, is_unheld=self._timer.is_unheld)
            presentation = None
        if presentation is None:
            is_provisional = self._background.empty is None
            presentation = Presentation(frame.t_ms, is_provisional=is_provisional)
            self._presentation = presentation
        return self._vote(presentation, view, frame.image, crop)

    def _is_another(self, presentation: Presentation, view: View, crop: Image) -> bool:
        """Whether the answer was about something other than what is there now."""
        likeness = correlation(presentation.signature, signature(crop))
        if view.motion > STILL:
            self._timer.update_difference(likeness < SAME_MOVING)
            return self._timer.is_different
        if presentation.is_named or presentation.scan is not None:
            return likeness < SAME_NAMED
        return likeness < SAME_UNKNOWN or sharpness(crop) > SHARPER * presentation.sharpest

    def _vote(
        self, presentation: Presentation, view: View, image: Image, crop: Image
    ) -> Transition:
        """Add a frame to the presentation if it is clear enough, and count the votes."""
        crop_sharpness = sharpness(crop)
        if presentation.is_provisional and view.motion <= STILL and crop_sharpness < SHARP:
            return state.ABSORB  # a bare wall, or a shop out of focus
        self._timer.update_clarity(view.motion, crop_sharpness)
        if not self._timer.is_clear_enough:
            return self._when_undecided(presentation)
        vector = self._encode(presentation.frames, view, image)
        presentation.gather(vector, signature(crop), sharpness=crop_sharpness, motion=view.motion)
        rules = PROVISIONAL if presentation.is_provisional else CONFIRMED
        vote = presentation.judge(self._recognise(presentation), rules)
        self._look_closely(presentation, view, image)
        if vote.decision is None or (presentation.is_looking and not presentation.is_named):
            return self._when_undecided(presentation)
        is_stale = self._background.is_stale(view)
        transition = state.when_decided(vote, presentation, self._shown, is_stale=is_stale)
        presentation.is_answer_shown |= transition is state.REFUSE
        return transition

    def _recognise(self, presentation: Presentation) -> Recognition:
        """Recognise all frames so far, with what second looks at them have said by now."""
        vectors, weights = presentation.frames_so_far()
        if self._closer is None:
            return self._recogniser.recognise(vectors, weights)
        found = self._looks.collect(presentation)
        if found:
            presentation.add_evidence(found)
        return self._closer.recognise_with(vectors, weights, presentation.evidence)

    def _look_closely(self, presentation: Presentation, view: View, image: Image) -> None:
        """Ask for another look where the frames so far leave a doubt."""
        closer, vote = self._closer, presentation.vote
        presentation.is_looking = self._looks.is_pending(presentation)
        if closer is None or vote is None or presentation.is_looking:
            return
        if presentation.looks >= MAX_LOOKS or not closer.needs_evidence(vote.recognition):
            return
        vectors, weights = presentation.frames_so_far()
        crop, mask = view.box.crop(image).copy(), view.product_mask()

        def look() -> Mapping[str, Evidence]:
            return closer.gather_evidence(crop, vectors, weights, mask=mask)

        presentation.looks += 1
        self._looks.request(presentation, look)
        presentation.is_looking = self._looks.is_pending(presentation)

    def _encode(self, turn: int, view: View, image: Image) -> Vectors:
        share = CROP_SHARES[turn % len(CROP_SHARES)]
        crop = normalise_exposure(view.box.shrunk(share).crop(image))
        start = time.perf_counter()
        vector = self._recogniser.embed(np.ascontiguousarray(crop))
        self.sampler.note_encode((time.perf_counter() - start) * 1000)
        return vector

    def _when_undecided(self, presentation: Presentation) -> Transition:
        is_over = self._timer.is_doubt_over(presentation.since_ms)
        return state.when_undecided(presentation, self._shown, is_doubt_over=is_over)

    def _apply(self, transition: Transition, frame: Frame) -> Sighting | None:
        """Change the state; the sighting, unless the customer sees just that already."""
        if transition.ends_presentation:
            self._presentation = None
        if transition.overlay is None:
            return None
        vote = self._presentation.vote if self._presentation else None
        sighting = state.sighting_of(frame, transition.overlay, vote, transition.scan)
        if self._shown is not None and state.looks_same(self._shown, sighting):
            return None
        self._shown = sighting
        return sighting
