from .app.application import run_window as run_window
from .app.fonts import undrawable as undrawable
from .app.window import gui_application as gui_application
from .look.confidence import percent as percent
