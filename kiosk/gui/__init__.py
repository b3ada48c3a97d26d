"""The kiosk's window. The only part that knows Qt.

One folder a screen holds its view model, its state and its QML; `app` puts them together,
`widgets` and `camera` are shared. A screen is built in three steps:

1. A frozen dataclass says what is shown. A pure function derives it where it is not simply
   the state.
2. A `ViewModel` of that dataclass (`view_model.py`) shows it, and takes what a person does by
   slots. Work that reads the shop goes to a lane of the `TaskLanes`.
3. QML binds to it as `Kiosk.<name>`, a field of `ViewModels` (`app/composition.py`). Lists of
   dataclasses are list models whose delegates declare the roles they use.

qmllint (`python -m tests.gui.qml_lint`) checks the bindings against the Python types.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
