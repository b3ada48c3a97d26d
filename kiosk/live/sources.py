"""The camera source that the settings name, the demo camera included."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.camera import FrameSource, open_source
from kiosk.settings import Settings


def source_factory(settings: Settings) -> Callable[[], FrameSource]:
    """Return a function that makes the source of `settings`, not yet opened, at each call.

    Raises:
        CameraError: at once, when the source's name means nothing.
    """

    def make() -> FrameSource:
        return open_source(
            settings.source, rotation=settings.rotation, extra={"demo": _demo_camera}
        )

    make()
    return make


def _demo_camera() -> FrameSource:
    from kiosk.demo import DemoCamera

    return DemoCamera()
