"""Lets shop and window follow a setting that staff have changed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from kiosk.gui.app.composition import ViewModels
from kiosk.gui.products.proposals import ProposalFolder
from kiosk.gui.task_runner import TaskRunner
from kiosk.settings import Settings
from kiosk.shop import Shop


class SettingsFollower(QObject):
    """What the shop must know is told it by the worker of `tasks`."""

    rotation_changed = Signal(int)
    source_changed = Signal(object)

    def __init__(
        self, view_models: ViewModels, shop: Shop, tasks: TaskRunner, proposals: ProposalFolder
    ) -> None:
        super().__init__()
        self._view_models = view_models
        self._shop = shop
        self._tasks = tasks
        self._proposals = proposals
        self._mirror(view_models.settings.settings)
        view_models.settings.applied.connect(self.on_applied)

    @Slot(object, object)
    def on_applied(self, before: Settings, settings: Settings) -> None:
        if settings.error_budget != before.error_budget:
            self._tasks.run(lambda: self._set_budget(settings.error_budget))
        if settings.in_store_layout != before.in_store_layout:
            self._tasks.run(lambda: self._set_layout(settings.in_store_layout))
        if before.keep_tap_pictures and not settings.keep_tap_pictures:
            self._tasks.run(self._proposals.clear)
        if settings.currency != before.currency:
            self._view_models.enrol.set_currency(settings.currency)
            self._tasks.run(lambda: self._set_currency(settings.currency))
        if settings.source != before.source:
            self.source_changed.emit(settings)
        if settings.rotation != before.rotation:
            self.rotation_changed.emit(settings.rotation)
        if settings.language != before.language:
            self._view_models.app.set_home_language(settings.language)
        self._view_models.app.idle_timeout_s = settings.idle_timeout_s
        self._mirror(settings)

    def _mirror(self, settings: Settings) -> None:
        matters = self._view_models.settings.view.mirror_matters
        self._view_models.camera.set_mirrored(settings.mirror and matters)

    def _set_currency(self, currency: str) -> None:
        self._shop.settings = self._shop.settings.model_copy(update={"currency": currency})

    def _set_layout(self, layout: str) -> None:
        self._shop.in_store_layout = layout

    def _set_budget(self, budget: float) -> None:
        self._shop.error_budget = budget
