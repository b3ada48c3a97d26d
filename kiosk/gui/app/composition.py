"""Every view model of the window, made once and wired to each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kiosk.camera import FrameSlot
from kiosk.gui.app.language import system_language
from kiosk.gui.app.shop_access import PictureLoader, finder, presentable, similar_products
from kiosk.gui.app.view_model import AppViewModel
from kiosk.gui.attract.view_model import AttractViewModel
from kiosk.gui.camera.framing import Rect
from kiosk.gui.camera.live_feed import LiveFeed
from kiosk.gui.enrol.draft import DraftFolder
from kiosk.gui.enrol.view_model import EnrolViewModel
from kiosk.gui.enrol.work import EnrolWork
from kiosk.gui.find.view_model import FindViewModel
from kiosk.gui.health.view_model import HealthViewModel, Speed, started
from kiosk.gui.look.view_model import LookViewModel
from kiosk.gui.pin.storage import PinStorage
from kiosk.gui.pin.view_model import PinViewModel
from kiosk.gui.products.proposals import ProposalFolder
from kiosk.gui.products.requests import RequestsViewModel
from kiosk.gui.products.suggestions import SuggestionsViewModel
from kiosk.gui.products.view_model import ProductsViewModel
from kiosk.gui.settings.view_model import SettingsViewModel
from kiosk.gui.setup.view_model import SetUpViewModel
from kiosk.gui.setup.work import SetUpWork
from kiosk.gui.task_runner import TaskLanes
from kiosk.gui.transfer.view_model import TransferViewModel
from kiosk.gui.transfer.work import TransferWork
from kiosk.gui.view_model import ViewModel
from kiosk.gui.widgets.keyboard import Keyboard
from kiosk.gui.widgets.picture_cache import PictureCache
from kiosk.settings import Settings
from kiosk.shop import Shop
from kiosk.vision.frame import reticle_box

# Of the box that is analysed: held within it, a product is whole in there. Chosen by eye.
FOCUS_SHARE = 0.78


@dataclass(frozen=True, slots=True)
class ViewModels:
    """What QML reaches as `Kiosk.app`, `Kiosk.look`, and so on."""

    app: AppViewModel
    attract: AttractViewModel
    look: LookViewModel
    find: FindViewModel
    pin: PinViewModel
    setup: SetUpViewModel
    enrol: EnrolViewModel
    products: ProductsViewModel
    suggestions: SuggestionsViewModel
    requests: RequestsViewModel
    transfer: TransferViewModel
    health: HealthViewModel
    settings: SettingsViewModel
    camera: LiveFeed
    pictures: PictureCache
    keyboard: Keyboard


class Kiosk(ViewModel[ViewModels]):
    """The root of what QML sees, a singleton of the module `Shelflens`."""


def build_view_models(
    shop: Shop,
    settings: Settings,
    slot: FrameSlot,
    tasks: TaskLanes,
    proposals: ProposalFolder,
    *,
    release_clock: Callable[[], float],
) -> ViewModels:
    """Build the view models over the shop, the camera's `slot` and the workers.

    `release_clock`, in seconds, times when the enrolment camera releases by itself.
    """
    settings = settings.model_copy(update={"language": settings.language or system_language()})
    folder = DraftFolder(settings.data_dir / "draft")
    camera = LiveFeed(slot, analysed_box, focus_box)
    pictures = PictureCache(PictureLoader(shop, folder, proposals).load, tasks.pictures)
    up_s = started()
    pin = PinStorage(shop.values)

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

    return ViewModels(
        app=AppViewModel(
            language=settings.language,
            idle_timeout_s=settings.idle_timeout_s,
            kiosk_mode=settings.kiosk_mode,
        ),
        attract=AttractViewModel(tasks.customer, lambda: presentable(shop)),
        look=LookViewModel(tasks.customer, lambda sku: similar_products(shop, sku)),
        find=FindViewModel(tasks.customer, finder(shop)),
        pin=PinViewModel(tasks.customer, pin, may_set_first=not settings.kiosk_mode),
        setup=SetUpViewModel(tasks.customer, SetUpWork(shop, pin), shoot=camera.shoot),
        enrol=EnrolViewModel(
            tasks.customer,
            tasks.staff,
            EnrolWork(shop, folder),
            pictures,
            shoot=camera.shoot,
            currency=settings.currency,
            clock=release_clock,
        ),
        products=ProductsViewModel(tasks.staff, tasks.long_running, shop, pictures),
        suggestions=SuggestionsViewModel(tasks.staff, shop, proposals),
        requests=RequestsViewModel(tasks.staff, shop),
        transfer=TransferViewModel(tasks.long_running, TransferWork(shop)),
        health=HealthViewModel(tasks.staff, shop, speed),
        settings=SettingsViewModel(tasks.staff, settings),
        camera=camera,
        pictures=pictures,
        keyboard=Keyboard(),
    )


def analysed_box(width: int, height: int) -> Rect:
    """What the kiosk analyses of a frame of that size."""
    box = reticle_box(width, height)
    return Rect(box.left, box.top, box.width, box.height)


def focus_box(width: int, height: int) -> Rect:
    """Where the reticle is drawn."""
    box = reticle_box(width, height).shrunk(FOCUS_SHARE)
    return Rect(box.left, box.top, box.width, box.height)
