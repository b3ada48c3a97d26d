"""The states of the live pipeline and the transitions between them. Pure.

    EMPTY ──something comes──> VOTING ──frames agree──> ANSWERED, shown as MATCHED
                                 └────they do not─────> ANSWERED, shown as UNKNOWN
    any ──nothing there──> EMPTY;  ANSWERED ──another thing there──> VOTING
    any ──a code is read──> ANSWERED, shown as MATCHED, or UNKNOWN if it is not in the catalogue

A phase says what the pipeline does, a `SightingState` what the customer sees.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from kiosk.camera import Frame
from kiosk.domain import Decision, Scan, Sighting, SightingState
from kiosk.live.presentation import Presentation
from kiosk.live.vote import Vote

APPEAR_PRESENCE = 0.25  # from which something is there; chosen by eye
VANISH_PRESENCE = 0.10  # below which it has gone; lower, so that a turned product stays


class Phase(Enum):
    EMPTY = "empty"  # nothing is presented
    VOTING = "voting"  # frames of one presentation are encoded
    ANSWERED = "answered"  # the vote is settled: nothing is encoded until the scene changes


@dataclass(frozen=True, slots=True)
class Transition:
    """What a frame changes. `overlay` None leaves what the customer sees.

    `scan` is the code that the overlay rests on, if it rests on one.
    """

    overlay: SightingState | None = None
    ends_presentation: bool = False
    learns_empty: bool = False
    scan: Scan | None = None


KEEP = Transition()
CLEAR = Transition(SightingState.IDLE, ends_presentation=True)
ABSORB = Transition(SightingState.IDLE, ends_presentation=True, learns_empty=True)
HIDE = Transition(SightingState.IDLE)
LOOK = Transition(SightingState.LOOKING)
MATCH = Transition(SightingState.MATCHED)
REFUSE = Transition(SightingState.UNKNOWN)


def phase_of(presentation: Presentation | None) -> Phase:
    """Return the phase that the current presentation, if any, stands for."""
    if presentation is None:
        return Phase.EMPTY
    return Phase.ANSWERED if presentation.is_settled else Phase.VOTING


def is_absent(presence: float | None, phase: Phase) -> bool:
    """Whether the reticle is empty; False while the empty scene is not known."""
    if presence is None:
        return False
    return presence < (APPEAR_PRESENCE if phase is Phase.EMPTY else VANISH_PRESENCE)


def when_absent(phase: Phase, *, is_gone: bool) -> Transition:
    """Nothing is there: a presentation ends once that has lasted."""
    return CLEAR if phase is Phase.EMPTY or is_gone else KEEP


def when_answered(shown: Sighting | None, *, is_unheld: bool) -> Transition:
    """The same thing is still there: where nobody holds it, it becomes scenery.

    That goes for what is unknown, and for what was named by a code that is out of view.
    """
    if shown is None or not is_unheld:
        return KEEP
    is_unknown = shown.state is SightingState.UNKNOWN
    return ABSORB if is_unknown or shown.scan is not None else KEEP


def when_scanned(scan: Scan) -> Transition:
    """A code says what it is, whatever the picture looks like."""
    is_stocked = scan.sku is not None
    return Transition(SightingState.MATCHED if is_stocked else SightingState.UNKNOWN, scan=scan)


def when_undecided(
    presentation: Presentation, shown: Sighting | None, *, is_doubt_over: bool
) -> Transition:
    """No answer yet: an older one stays for a moment, then the reticle fills."""
    if presentation.is_answer_shown:
        return KEEP
    answers = (SightingState.MATCHED, SightingState.UNKNOWN)
    if shown is not None and shown.state in answers and not is_doubt_over:
        return KEEP
    return HIDE if presentation.is_provisional else LOOK


def when_decided(
    vote: Vote, presentation: Presentation, shown: Sighting | None, *, is_stale: bool
) -> Transition:
    """The vote has an answer; `is_stale`: what differs is a ghost in the empty scene."""
    if vote.decision is Decision.NAMED:
        return KEEP if _is_scanned(vote, shown) else MATCH
    if presentation.is_provisional or is_stale:
        return ABSORB
    if _is_other_side(vote, shown) or (presentation.is_answer_shown and not vote.settled):
        return KEEP
    return REFUSE


def sighting_of(
    frame: Frame, state: SightingState, vote: Vote | None, scan: Scan | None = None
) -> Sighting:
    """Describe what the customer sees from `frame` on."""
    if scan is not None:
        return scanned(scan, frame.index, frame.t_ms)
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


def scanned(scan: Scan, frame: int = 0, t_ms: int = 0) -> Sighting:
    """Describe the answer of a code. It is what it says: no candidates, no doubt."""
    if scan.sku is None:
        state, decision = SightingState.UNKNOWN, Decision.UNKNOWN
    else:
        state, decision = SightingState.MATCHED, Decision.NAMED
    certainty = 0.0 if scan.sku is None else 1.0
    return Sighting(
        frame,
        t_ms,
        state,
        sku=scan.sku,
        confidence=certainty,
        decision=decision,
        progress=1.0,
        scan=scan,
    )


def looks_same(a: Sighting, b: Sighting) -> bool:
    """Whether the customer could not tell two sightings apart."""
    return _visible(a) == _visible(b)


def _is_other_side(vote: Vote, shown: Sighting | None) -> bool:
    """The named product still comes first: its other side is no reason to take it down."""
    best = vote.recognition.best
    if shown is None or shown.sku is None or best is None:
        return False
    return vote.decision is Decision.UNSURE and best.sku == shown.sku


def _is_scanned(vote: Vote, shown: Sighting | None) -> bool:
    """The picture names what the code said already: the code is the better reason."""
    best = vote.recognition.best
    if shown is None or shown.scan is None or best is None:
        return False
    return best.sku == shown.sku


def _visible(sighting: Sighting) -> tuple[object, ...]:
    skus = tuple(candidate.sku for candidate in sighting.candidates)
    return (
        sighting.state,
        sighting.sku,
        sighting.decision,
        sighting.progress,
        sighting.scan,
        skus,
    )
