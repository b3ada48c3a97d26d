"""The enrolment screen: guided pictures, live advice, the form, the rehearsal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

from PySide6.QtCore import Signal, Slot

from kiosk.domain import Product
from kiosk.errors import KnownError
from kiosk.gui.camera.live_feed import Shot
from kiosk.gui.enrol import auto_capture
from kiosk.gui.enrol.auto_capture import AutoCapture
from kiosk.gui.enrol.continuity import Doubt
from kiosk.gui.enrol.draft import Draft
from kiosk.gui.enrol.names import suggest_names, with_words
from kiosk.gui.enrol.state import (
    Captured,
    DoubtView,
    EnrolView,
    next_angle,
    picture_key,
    show_rehearsal,
)
from kiosk.gui.enrol.work import EnrolWork, Glance, SkuTaken
from kiosk.gui.product_view import show_product
from kiosk.gui.products.form import FormProblem, FormProblems, ProductForm, check_form, form_of
from kiosk.gui.products.form_view_model import FormViewModel
from kiosk.gui.task_runner import TaskRunner
from kiosk.gui.widgets.picture_cache import PictureCache
from kiosk.gui.widgets.picture_key import PictureKind
from kiosk.live import Advice
from kiosk.recognition.evidence import LabelText
from kiosk.shop import Enrolment

GLANCE_MS = 140  # about seven looks a second, by eye
KEEP_MS = 600  # a pause in typing, by eye
BARCODE_EVERY = 3  # looks: reading one takes longer than the advice


class EnrolViewModel(FormViewModel[EnrolView]):
    """Every picture and every pause in typing is on disk before it counts as kept."""

    activity = Signal()
    enrolled = Signal(object)  # the product

    def __init__(
        self,
        tasks: TaskRunner,
        label_tasks: TaskRunner,
        work: EnrolWork,
        pictures: PictureCache,
        *,
        shoot: Callable[[], Shot | None],
        currency: str,
        clock: Callable[[], float],
    ) -> None:
        super().__init__(EnrolView(currency))
        self._tasks = tasks
        self._label_tasks = label_tasks
        self._work = work
        self._pictures = pictures
        self._shoot = shoot
        self._clock = clock
        self._auto = AutoCapture()
        self._owner: Product | None = None
        self._asked: tuple[Doubt, Shot] | None = None
        self._labels: list[LabelText] = []
        self._glancing = False
        self._glances = 0
        self._loaded = False
        self._glance_timer = self._make_timer(GLANCE_MS, self.glance, once=False)
        self._keep_timer = self._make_timer(KEEP_MS, self._keep)

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

    def set_currency(self, currency: str) -> None:
        self._change(currency=currency)

    @Slot()
    def glance(self) -> None:
        """Look at the newest frame, unless the look before is still going on."""
        if self._glancing or self.view.saving or self.view.rehearsal:
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
            self._rest()
            self._take(shot)

    @Slot()
    def takeAnyway(self) -> None:
        """Staff were asked, and say that it is the right product."""
        if self._asked is not None:
            doubt, shot = self._asked
            self._tasks.run(lambda: self._work.accept(doubt))
            self._rest()
            self._take(shot)

    @Slot()
    def leaveOut(self) -> None:
        """Staff were asked, and say that it is not: nothing is taken until it has gone."""
        self._ask(None)
        self._change(refused=True)

    @Slot(str)
    def addName(self, words: str) -> None:
        """Take over words that were read on the pack."""
        self.edit(name=with_words(self.view.form.name, words))

    @Slot(str)
    def retake(self, angle: str) -> None:
        """Tapped on an angle: it is photographed next, and its picture given up."""
        draft = self.view.draft
        self._change(angle=angle)
        if angle in draft.angles:
            self._pictures.forget(picture_key(angle))
            taken = tuple(each for each in draft.angles if each != angle)
            self._change(draft=replace(draft, angles=taken))
            self._keep()
        self._rest()

    @Slot(str)
    def setSku(self, text: str) -> None:
        self.edit(sku=text)

    def edit(self, **fields_typed: str) -> None:
        """Take over fields of the form; what was wrong with them is to be checked again."""
        draft = self.view.draft
        checked = {each.name for each in fields(FormProblems)} & fields_typed.keys()
        problems = replace(self.view.problems, **dict.fromkeys(checked, FormProblem.NONE))
        form = replace(draft.form, **fields_typed)
        self._change(draft=replace(draft, form=form), problems=problems)
        self._keep_timer.start()

    @Slot()
    def save(self) -> None:
        draft, currency = self.view.draft, self.view.currency
        problems = FormProblems() if draft.existing_sku else check_form(draft.form, currency)
        self._change(problems=problems, fault="")
        if problems.any or not self.view.can_save:
            return
        self._keep_timer.stop()
        self._change(saving=True)
        self._tasks.run(lambda: self._work.save(draft, currency), self._saved, self._save_failed)

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
            if self.view.draft.is_empty:
                self._photograph(found[1], ())
            else:
                self._change(restored=True)

        self._tasks.run(lambda: (self._work.load(), self._work.product(sku)), then, self._fail)

    def begin_with_code(self, code: str) -> None:
        """A product that was asked for by its number; an unfinished one comes first."""

        def then(loaded: tuple[Draft, tuple[str, ...]]) -> None:
            self._take_up(loaded)
            if self.view.draft.is_empty:
                self._begin(Draft(ProductForm(sku=code, barcode=code)))
                self._keep()
            else:
                self._change(restored=True)

        self._tasks.run(self._work.load, then, self._fail)

    @Slot()
    def useOwner(self) -> None:
        """The barcode belongs to a product: photograph that one."""
        if self._owner is not None:
            self._photograph(self._owner, self.view.draft.angles)

    def _photograph(self, product: Product, angles: tuple[str, ...]) -> None:
        self._begin(Draft(form_of(product), angles, product.sku))
        self._keep()

    def _begin(self, draft: Draft) -> None:
        if not draft.angles:
            self._pictures.drop_all(PictureKind.DRAFT)
            self._tasks.run(self._work.start_over)
        self._rest()
        self._owner = self._asked = None
        self._labels = []
        before, angle = self.view, next_angle(draft.angles)
        known = before.known_categories
        self.show(EnrolView(before.currency, draft, angle, known_categories=known))

    def _rest(self) -> None:
        """Let the camera release again only after a while, or another view."""
        self._auto = AutoCapture(None, self._clock())

    def _take_up(self, loaded: tuple[Draft, tuple[str, ...]]) -> None:
        draft, categories = loaded
        self._change(known_categories=categories)
        if not self._loaded and self.view.draft.is_empty:
            restored = not draft.is_empty
            self._change(draft=draft, angle=next_angle(draft.angles), restored=restored)
        self._loaded = True

    def _glanced(self, seen: Glance, shot: Shot) -> None:
        self._glancing = False
        if not self._glance_timer.isActive():
            return
        if seen.advice == Advice.NOTHING:
            self._ask(None)
            self._change(refused=False)
        is_waiting = self.view.refused or self.view.doubt is not None
        good = seen.good and not is_waiting
        self._auto, fire = auto_capture.step(self._auto, good, self._clock())
        if seen.good:
            self.activity.emit()
        hold = self._auto.progress(self._clock())
        self._change(advice=seen.advice, good=good, hold=hold)
        if seen.barcode:
            self._read_barcode(seen)
        if fire and self.view.angle:
            self._consider(shot)

    def _consider(self, shot: Shot) -> None:
        """Take the picture, unless it may be another product's."""
        draft = self.view.draft
        self._glancing = True
        self._tasks.run(
            lambda: self._work.doubt(shot, draft),
            lambda doubt: self._considered(doubt, shot, draft),
            self._glance_failed,
        )

    def _considered(self, doubt: Doubt | None, shot: Shot, draft: Draft) -> None:
        self._glancing = False
        if draft.angles != self.view.draft.angles or not self._glance_timer.isActive():
            return  # staff took one by hand meanwhile, or went away
        if doubt is None:
            self._take(shot)
        else:
            self._ask((doubt, shot))

    def _ask(self, asked: tuple[Doubt, Shot] | None) -> None:
        self._asked = asked
        if asked is None:
            self._change(doubt=None)
        else:
            product = asked[0].product
            self._change(doubt=DoubtView(product.name if product else ""), hold=0.0)

    def _glance_failed(self, error: KnownError) -> None:
        self._glancing = False
        self._fail(error)

    def _read_barcode(self, seen: Glance) -> None:
        draft = self.view.draft
        if draft.existing_sku or draft.form.barcode:
            return
        form = replace(draft.form, barcode=seen.barcode, sku=draft.form.sku or seen.barcode)
        self._change(draft=replace(draft, form=form))
        self._show_owner(seen.owner)
        self._keep_timer.start()

    def _show_owner(self, owner: Product | None) -> None:
        self._owner = owner
        self._change(barcode_owner=show_product(owner) if owner else None)

    def _take(self, shot: Shot) -> None:
        angle, draft = self.view.angle, self.view.draft
        if not angle:
            return
        taken = (*(each for each in draft.angles if each != angle), angle)
        draft = replace(draft, angles=taken)
        self._ask(None)
        self._pictures.put(picture_key(angle), shot.product)
        self._change(draft=draft, angle=next_angle(taken), restored=False, hold=0.0)
        self.activity.emit()
        self._tasks.run(lambda: self._work.capture(angle, shot, draft), self._resembles, self._fail)
        labels = self._labels
        self._label_tasks.run(
            lambda: self._work.read_label(shot), lambda text: self._label_read(text, labels)
        )

    def _label_read(self, text: LabelText, labels: list[LabelText]) -> None:
        if labels is self._labels:  # else another product is being enrolled by now
            labels.append(text)
            self._change(pack_names=suggest_names(labels))

    def _resembles(self, captured: Captured) -> None:
        alike, existing = captured.alike, self.view.draft.existing_sku
        if alike is not None and alike.sku != existing:
            self._change(alike=show_product(alike))
        self._change(likely_category=captured.category)

    def _keep(self) -> None:
        draft = self.view.draft
        self._tasks.run(lambda: self._work.keep(draft), None, self._fail)

    def _saved(self, saved: Enrolment | SkuTaken) -> None:
        self._change(saving=False)
        if isinstance(saved, SkuTaken):
            self._change(problems=replace(self.view.problems, sku=FormProblem.TAKEN))
            self._show_owner(saved.product)
        else:
            rehearsal = show_rehearsal(saved)
            self._change(rehearsal=rehearsal, draft=Draft(), restored=False, hold=0.0)
            self.enrolled.emit(saved.product)

    def _save_failed(self, error: KnownError) -> None:
        self._change(saving=False)
        self._fail(error)

    def _fail(self, error: KnownError) -> None:
        self._change(fault=str(error))
