"""The enrolment screen: guided pictures, live advice, the form, the rehearsal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

from PySide6.QtCore import QTimer, Signal, Slot

from kiosk.domain import Product
from kiosk.errors import KnownError
from kiosk.gui.camera.live_feed import Shot
from kiosk.gui.enrol import auto_capture
from kiosk.gui.enrol.auto_capture import AutoCapture
from kiosk.gui.enrol.draft import Draft
from kiosk.gui.enrol.state import (
    Captured,
    EnrolState,
    EnrolView,
    derive_enrol,
    next_angle,
    picture_key,
)
from kiosk.gui.enrol.work import EnrolWork, Glance, SkuTaken
from kiosk.gui.products.form import FormProblem, FormProblems, ProductForm, check_form, form_of
from kiosk.gui.task_runner import TaskRunner
from kiosk.gui.view_model import ViewModel
from kiosk.gui.widgets.picture_cache import PictureCache
from kiosk.shop import Enrolment

GLANCE_MS = 140  # about seven looks a second, by eye
KEEP_MS = 600  # a pause in typing, by eye
BARCODE_EVERY = 3  # looks: reading one takes longer than the advice


class EnrolViewModel(ViewModel[EnrolView]):
    """Every picture and every pause in typing is on disk before it counts as kept."""

    activity = Signal()

    def __init__(
        self,
        tasks: TaskRunner,
        work: EnrolWork,
        pictures: PictureCache,
        *,
        shoot: Callable[[], Shot | None],
        currency: str,
        clock: Callable[[], float],
    ) -> None:
        super().__init__(derive_enrol(EnrolState(), currency))
        self._tasks = tasks
        self._work = work
        self._pictures = pictures
        self._shoot = shoot
        self._currency = currency
        self._clock = clock
        self._auto = AutoCapture()
        self._glancing = False
        self._glances = 0
        self._state = EnrolState()
        self._loaded = False
        self._glance_timer = self._timer(GLANCE_MS, self.glance, once=False)
        self._keep_timer = self._timer(KEEP_MS, self._keep, once=True)

    def _timer(self, interval_ms: int, call: Callable[[], None], *, once: bool) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval_ms)
        timer.setSingleShot(once)
        timer.timeout.connect(call)
        return timer

    def open(self) -> None:
        """The screen comes up: what was left unfinished is there again."""
        self._auto = AutoCapture()
        self._glance_timer.start()
        self._tasks.run(self._work.load, self._take_up, self._fail)

    def close(self) -> None:
        """The screen goes; the draft stays."""
        self._glance_timer.stop()
        if self._keep_timer.isActive():
            self._keep_timer.stop()
            self._keep()

    @Slot()
    def glance(self) -> None:
        """Look at the newest frame, unless the look before is still going on."""
        if self._glancing or self._state.saving or self._state.enrolment:
            return
        shot = self._shoot()
        if shot is None:
            return
        self._glancing = True
        self._glances += 1
        with_barcode = self._glances % BARCODE_EVERY == 0
        self._tasks.run(
            lambda: self._work.glance(shot, with_barcode=with_barcode),
            lambda seen: self._glanced(seen, shot),
            self._glance_failed,
        )

    @Slot()
    def capture(self) -> None:
        """Take the picture now, whatever the advice says."""
        shot = self._shoot()
        if shot is not None:
            self._auto = AutoCapture(None, self._clock())
            self._take(shot)

    @Slot(str)
    def retake(self, angle: str) -> None:
        """Tapped on an angle: it is photographed next, and its picture given up."""
        taken = self._state.draft.angles
        if angle in taken:
            draft = replace(self._state.draft, angles=tuple(a for a in taken if a != angle))
            self._pictures.forget(picture_key(angle))
            self._change(draft=draft, angle=angle)
            self._keep()
        else:
            self._change(angle=angle)
        self._auto = AutoCapture(None, self._clock())

    @Slot(str, str)
    def setField(self, name: str, text: str) -> None:
        if name not in {field.name for field in fields(ProductForm)}:
            return
        form = replace(self._state.draft.form, **{name: text})
        problems = self._state.problems
        if name in {field.name for field in fields(FormProblems)}:
            problems = replace(problems, **{name: FormProblem.NONE})
        self._change(draft=replace(self._state.draft, form=form), problems=problems)
        self._keep_timer.start()

    @Slot()
    def save(self) -> None:
        draft = self._state.draft
        problems = FormProblems() if draft.existing_sku else check_form(draft.form, self._currency)
        self._change(problems=problems, fault="")
        if problems.any or not draft.angles or self._state.saving:
            return
        self._keep_timer.stop()
        self._change(saving=True)
        self._tasks.run(
            lambda: self._work.save(draft, self._currency), self._saved, self._save_failed
        )

    @Slot()
    def discard(self) -> None:
        """Throw the unfinished product away."""
        self._keep_timer.stop()
        self._tasks.run(self._work.discard, None, self._fail)
        self._begin(Draft())

    @Slot()
    def next(self) -> None:
        """On with another product, after the rehearsal was read."""
        self._begin(Draft())

    @Slot(str)
    def photograph(self, sku: str) -> None:
        """More pictures for a product of the catalogue; an unfinished one comes first."""

        def then(found: tuple[tuple[Draft, tuple[str, ...]], Product]) -> None:
            self._take_up(found[0])
            if self._state.draft.is_empty:
                self._photograph(found[1], ())
            else:
                self._change(restored=True)

        self._tasks.run(lambda: (self._work.load(), self._work.product(sku)), then, self._fail)

    @Slot()
    def useOwner(self) -> None:
        """The barcode belongs to a product: photograph that one."""
        if self._state.barcode_owner is not None:
            self._photograph(self._state.barcode_owner, self._state.draft.angles)

    def _photograph(self, product: Product, angles: tuple[str, ...]) -> None:
        self._begin(Draft(form_of(product), angles, product.sku))
        self._keep()

    def _begin(self, draft: Draft) -> None:
        if not draft.angles:
            self._pictures.drop("draft/")
            self._tasks.run(self._work.start_over)
        self._auto = AutoCapture(None, self._clock())
        categories = self._state.categories
        self._state = EnrolState(draft=draft, angle=next_angle(draft.angles), categories=categories)
        self._derive()

    def _take_up(self, loaded: tuple[Draft, tuple[str, ...]]) -> None:
        draft, categories = loaded
        self._change(categories=categories)
        if not self._loaded and self._state.draft.is_empty:
            restored = not draft.is_empty
            self._change(draft=draft, angle=next_angle(draft.angles), restored=restored)
        self._loaded = True

    def _glanced(self, seen: Glance, shot: Shot) -> None:
        self._glancing = False
        if not self._glance_timer.isActive():
            return
        self._auto, fire = auto_capture.step(self._auto, seen.good, self._clock())
        if seen.good:
            self.activity.emit()
        hold = self._auto.progress(self._clock())
        self._change(advice=seen.advice, good=seen.good, hold=hold)
        if seen.barcode:
            self._read_barcode(seen)
        if fire and self._state.angle:
            self._take(shot)

    def _glance_failed(self, error: KnownError) -> None:
        self._glancing = False
        self._fail(error)

    def _read_barcode(self, seen: Glance) -> None:
        draft = self._state.draft
        if draft.existing_sku or draft.form.barcode == seen.barcode:
            return
        form = replace(draft.form, barcode=seen.barcode, sku=draft.form.sku or seen.barcode)
        self._change(draft=replace(draft, form=form), barcode_owner=seen.owner)
        self._keep_timer.start()

    def _take(self, shot: Shot) -> None:
        angle = self._state.angle
        if not angle:
            return
        taken = (*(a for a in self._state.draft.angles if a != angle), angle)
        draft = replace(self._state.draft, angles=taken)
        self._pictures.put(picture_key(angle), shot.product)
        self._change(draft=draft, angle=next_angle(taken), restored=False, hold=0.0)
        self.activity.emit()
        self._tasks.run(lambda: self._work.capture(angle, shot, draft), self._resembles, self._fail)

    def _resembles(self, captured: Captured) -> None:
        alike = captured.alike or self._state.alike
        self._change(alike=alike, likely_category=captured.category)

    def _keep(self) -> None:
        draft = self._state.draft
        self._tasks.run(lambda: self._work.keep(draft), None, self._fail)

    def _saved(self, saved: Enrolment | SkuTaken) -> None:
        if isinstance(saved, SkuTaken):
            problems = replace(self._state.problems, sku=FormProblem.TAKEN)
            self._change(saving=False, problems=problems, barcode_owner=saved.product)
            return
        self._change(saving=False, enrolment=saved, draft=Draft(), restored=False, hold=0.0)

    def _save_failed(self, error: KnownError) -> None:
        self._change(saving=False)
        self._fail(error)

    def _fail(self, error: KnownError) -> None:
        self._change(fault=str(error))

    def _change(self, **changes: object) -> None:
        self._state = replace(self._state, **changes)  # type: ignore[arg-type]
        self._derive()

    def _derive(self) -> None:
        self.show(derive_enrol(self._state, self._currency))
