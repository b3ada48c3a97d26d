from .app.application import run_window as run_window
from .app.fonts import undrawable as undrawable
from .app.window import gui_application as gui_application
from .look.confidence import percent as percent
from .pin.state import (
    ADVISED_DIGITS as ADVISED_DIGITS,
    MAX_DIGITS as MAX_DIGITS,
    MIN_DIGITS as MIN_DIGITS,
    pin_is_allowed as pin_is_allowed,
)
from .pin.storage import PinStorage as PinStorage
