"""Every view model of the window, made once and wired to each other."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject

from kiosk.camera import FrameSlot
from kiosk.gui.app_view_model import AppViewModel
from kiosk.gui.attract_view_model import AttractViewModel
from kiosk.gui.draft import DraftFolder
from kiosk.gui.enrol_view_model import EnrolViewModel
from kiosk.gui.enrol_work import EnrolWork
from kiosk.gui.find_view_model import FindViewModel
from kiosk.gui.framing import Rect
from kiosk.gui.health_view_model import HealthViewModel, Speed, started
from kiosk.gui.jobs import Jobs
from kiosk.gui.keys import Keys
from kiosk.gui.language import system_language
from kiosk.gui.live_feed import LiveFeed
from kiosk.gui.look_view_model import LookViewModel
from kiosk.gui.picture_cache import PictureCache
from kiosk.gui.pin_view_model import PinViewModel
from kiosk.gui.products_view_model import ProductsViewModel
from kiosk.gui.proposals import ProposalFolder
from kiosk.gui.settings_view_model import SettingsViewModel
from kiosk.gui.shop_access import (
    PictureLoader,
    finder,
    presentable,
    similar_products,
    transfer_work,
)
from kiosk.gui.suggestions_view_model import SuggestionsViewModel
from kiosk.gui.transfer_view_model import TransferViewModel
from kiosk.settings import Settings
from kiosk.shop import Shop
from kiosk.vision.frame import reticle_box

FOCUS_SHARE = 0.78  # of the box that is analysed: held within it, a product is whole in there


@dataclass(frozen=True, slots=True)
class Parts:
    """The view models by the names that QML knows them by, and the workers behind them."""

    app: AppViewModel
    attract: AttractViewModel
    look: LookViewModel
    find: FindViewModel
    pin: PinViewModel
    enrol: EnrolViewModel
    products: ProductsViewModel
    suggestions: SuggestionsViewModel
    transfer: TransferViewModel
    health: HealthViewModel
    settings: SettingsViewModel
    camera: LiveFeed
    pictures: PictureCache
    keyboard: Keys
    front: Jobs
    back: Jobs
    slow: Jobs
    thumbs: Jobs
    proposals: ProposalFolder

    def by_name(self) -> dict[str, QObject]:
        names = (
            "app attract look find pin enrol products suggestions transfer health settings "
            "camera pictures keyboard"
        )
        return {name: getattr(self, name) for name in names.split()}

    def close(self) -> None:
        """Join every worker; nothing is delivered afterwards."""
        for jobs in (self.thumbs, self.front, self.back, self.slow):
            jobs.close()


def make_parts(shop: Shop, settings: Settings, slot: FrameSlot, *, is_webcam: bool) -> Parts:
    """Build all of it.

    What a customer waits for (`front`), what staff wait for (`back`), what takes minutes
    (`slow`) and the pictures have a worker each, so that none holds up another.
    """
    front, back, slow, thumbs = Jobs("front"), Jobs("back"), Jobs("slow"), Jobs("thumbs")
    settings = settings.model_copy(update={"language": settings.language or system_language()})
    folder = DraftFolder(settings.data_dir / "draft")
    proposals = ProposalFolder(settings.data_dir / "proposals")
    camera = LiveFeed(slot, analysed_box, focus_box)
    pictures = PictureCache(PictureLoader(shop, folder, proposals).load, thumbs)
    up_s = started()

    def speed() -> Speed:
        status = camera.status
        return Speed(
            status.state.value if status else "connecting",
            status.message if status else "",
            camera.rate,
            camera.analyse_ms,
            up_s(),
            camera.fault,
        )

    return Parts(
        app=AppViewModel(
            language=settings.language,
            idle_timeout_s=settings.idle_timeout_s,
            kiosk_mode=settings.kiosk_mode,
        ),
        attract=AttractViewModel(front, lambda: presentable(shop)),
        look=LookViewModel(front, lambda sku: similar_products(shop, sku)),
        find=FindViewModel(front, finder(shop)),
        pin=PinViewModel(front, shop.store),
        enrol=EnrolViewModel(
            front,
            EnrolWork(shop, folder),
            pictures,
            shoot=camera.shoot,
            currency=settings.currency,
        ),
        products=ProductsViewModel(back, slow, shop, pictures),
        suggestions=SuggestionsViewModel(back, shop, proposals),
        transfer=TransferViewModel(slow, shop, transfer_work(shop)),
        health=HealthViewModel(back, shop, speed),
        settings=SettingsViewModel(back, settings, mirror_matters=is_webcam),
        camera=camera,
        pictures=pictures,
        keyboard=Keys(),
        front=front,
        back=back,
        slow=slow,
        thumbs=thumbs,
        proposals=proposals,
    )


def analysed_box(width: int, height: int) -> Rect:
    """What the kiosk analyses of a frame of that size."""
    box = reticle_box(width, height)
    return Rect(box.left, box.top, box.width, box.height)


def focus_box(width: int, height: int) -> Rect:
    """Where the reticle is drawn."""
    box = reticle_box(width, height).shrunk(FOCUS_SHARE)
    return Rect(box.left, box.top, box.width, box.height)
