"""Commands that look through a camera: run, demo, watch, cameras."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from kiosk.cli import options
from kiosk.cli.output import err, out, print_result, results, table
from kiosk.memory import limit_malloc

if TYPE_CHECKING:
    from kiosk.camera import CameraInfo
    from kiosk.domain import Sighting
    from kiosk.shop import Shop

app = typer.Typer()
DEMO_SECONDS = 20
Fullscreen = Annotated[bool | None, typer.Option("--fullscreen", help="Fill the screen.")]
Screenshot = Annotated[
    Path | None, typer.Option("--screenshot", metavar="F", help="Save a picture of the window.")
]


@app.command("run")
def run(
    source: options.Source = None,
    every: options.Every = None,
    fullscreen: Fullscreen = None,
    kiosk_mode: Annotated[
        bool | None, typer.Option("--kiosk", help="Full screen, and no way out but the PIN.")
    ] = None,
    mirror: Annotated[bool | None, typer.Option(help="Show the webcam like a mirror.")] = None,
    rotation: Annotated[
        int | None, typer.Option(help="Turn the picture: 0, 90, 180 or 270 degrees.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="en, zh_TW or vi.")] = None,
    model: options.Model = None,
    db: options.Db = None,
) -> None:
    """Open the kiosk."""
    from kiosk.settings import load_settings

    settings = load_settings(
        source=source,
        every=every,
        fullscreen=fullscreen,
        kiosk_mode=kiosk_mode,
        mirror=mirror,
        rotation=rotation,
        language=language,
        model=model,
        db=db,
    )
    if not has_display():
        use_offscreen()
        err.print("There is no display; running offscreen. Stop with Ctrl+C.")
    from kiosk.camera import refuse_full_opencv

    refuse_full_opencv()
    from kiosk.gui import run_window
    from kiosk.shop import Shop

    limit_malloc()
    with Shop.open(settings, lazy=True) as shop:
        raise typer.Exit(run_window(shop, settings=settings))


@app.command("demo")
def demo(
    offscreen: Annotated[bool, typer.Option("--offscreen", help="Without a window.")] = False,
    seconds: Annotated[
        float | None, typer.Option(min=1, help="Stop after so long (offscreen: 20).")
    ] = None,
    screenshot: Screenshot = None,
    every: options.Every = None,
    fullscreen: Fullscreen = None,
    language: Annotated[str | None, typer.Option(help="en, zh_TW or vi.")] = None,
    db: options.Db = None,
) -> None:
    """Show the kiosk on a drawn shop with a drawn camera."""
    from kiosk.resources import default_data_dir
    from kiosk.settings import load_settings
    from kiosk.vision.models import SHIPPED

    settings = load_settings(
        source="demo",
        every=every,
        fullscreen=fullscreen,
        language=language,
        mirror=False,
        model=SHIPPED[0],
        db=db or str(default_data_dir() / "demo"),
    )
    if offscreen or not has_display():
        use_offscreen()
        seconds = seconds or DEMO_SECONDS
    from kiosk.camera import refuse_full_opencv

    refuse_full_opencv()
    from kiosk.demo import fill_demo_shop
    from kiosk.gui import run_window
    from kiosk.shop import Shop

    fill_demo_shop(settings.db)
    limit_malloc()
    with Shop.open(settings, lazy=True) as shop:
        status = run_window(
            shop,
            settings=settings,
            seconds=seconds,
            screenshot=screenshot,
            on_sighting=lambda sighting: print_sighting(shop, sighting),
        )
    if screenshot:
        out.print(f"The picture of the window is {screenshot}.")
    raise typer.Exit(status)


@app.command("watch")
def watch(
    source: Annotated[str, typer.Option("--source", metavar="S", help="As for `run`.")],
    events: Annotated[
        Path, typer.Option("--events", metavar="FILE", help="JSON lines; - is stdout.")
    ],
    every: options.Every = None,
    realtime: Annotated[
        bool, typer.Option(help="--no-realtime analyses a file frame by frame.")
    ] = True,
    model: options.Model = None,
    db: options.Db = None,
) -> None:
    """Run the live pipeline without a window; one JSON line whenever the overlay changes."""
    from kiosk.live import source_factory, watch as run_watch
    from kiosk.settings import load_settings
    from kiosk.shop import Shop

    settings = load_settings(source=source, every=every, model=model, db=db)
    with Shop.open(settings, background=realtime) as shop, _open_events(events) as stream:
        shop.refresh()
        run_watch(
            source_factory(settings)(),
            shop,
            stream,
            every=settings.every,
            realtime=realtime,
            codes=shop,
            closer=shop,
        )


@app.command("cameras")
def cameras(as_json: options.Json = False) -> None:
    """List the cameras of this machine."""
    from kiosk.camera import list_cameras

    found = list_cameras()
    columns: dict[str, Callable[[CameraInfo], str]] = {
        "--source": lambda camera: str(camera.number),
        "Name": lambda camera: camera.name,
    }
    nothing = "No camera found. `--source demo` works without one."
    shown = table(found, columns, nothing=nothing)
    facts = [{"source": str(camera.number), "name": camera.name} for camera in found]
    print_result(facts, lambda: [shown], as_json=as_json)


def has_display() -> bool:
    """Whether a window can open: always on Windows and macOS, else by X11 or Wayland."""
    if sys.platform in ("win32", "darwin"):
        return True
    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    drawn = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    return bool(chosen and chosen not in ("offscreen", "minimal")) or (drawn and not chosen)


def use_offscreen() -> None:
    """Draw in memory; must be called before Qt is imported."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_QUICK_BACKEND"] = "software"


def print_sighting(shop: Shop, sighting: Sighting) -> None:
    """One line for each answer that a customer sees."""
    from kiosk.domain import Decision, SightingState
    from kiosk.gui import percent
    from kiosk.money import format_price

    seconds = f"{sighting.t_ms / 1000:6.1f} s"
    if sighting.state is SightingState.MATCHED and sighting.sku:
        product = shop.catalog.product(sighting.sku)
        scan = sighting.scan
        price = format_price(scan.price if scan and scan.price else product.price)
        reason = "scanned" if scan else f"{percent(sighting.confidence)} %"
        results.print(f"{seconds}  {product.name}  {price}  {reason}")
    elif sighting.state is SightingState.UNKNOWN:
        unsure = sighting.decision is Decision.UNSURE
        number = f": {sighting.scan.code}" if sighting.scan else ""
        answer = "not sure" if unsure else f"not in the catalogue{number}"
        results.print(f"{seconds}  {answer}")


@contextlib.contextmanager
def _open_events(path: Path) -> Iterator[TextIO]:
    if str(path) == "-":
        yield sys.stdout
        return
    from kiosk.files import storage_errors

    with storage_errors(f"The events cannot be written to {path}"):
        stream = path.open("w", encoding="utf-8")
    with stream:
        yield stream
