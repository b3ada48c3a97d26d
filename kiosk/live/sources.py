"""The camera source that the settings name, the demo camera included."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.camera import FrameSource, open_source
from kiosk.extensions import extension_names, load_extension
from kiosk.settings import Settings


def source_factory(settings: Settings) -> Callable[[], FrameSource]:
    """Return a function that makes the source of `settings`, not yet opened, at each call.

    `NAME` or `NAME:ARGUMENT` asks the camera source NAME of an installed package.

    Raises:
        CameraError: at once, when the source's name means nothing.
    """

    def make() -> FrameSource:
        extra = {"demo": _demo_camera, **_of_packages(settings.source)}
        return open_source(settings.source, rotation=settings.rotation, extra=extra)

    make()
    return make


def _demo_camera() -> FrameSource:
    from kiosk.demo import DemoCamera

    return DemoCamera()


def _of_packages(source: str) -> dict[str, Callable[[], FrameSource]]:
    name, _, argument = source.strip().partition(":")
    if name not in extension_names("camera_sources"):
        return {}
    return {source.strip(): lambda: load_extension("camera_sources", name)(argument)}
