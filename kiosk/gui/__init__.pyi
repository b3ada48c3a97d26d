from .application import run_window as run_window
from .confidence import percent as percent
from .coverage import undrawable as undrawable
from .window import gui_application as gui_application
