from .camera import DemoCamera as DemoCamera
from .catalogue import DEMO_STOCK as DEMO_STOCK
from .motion import FRAMES_PER_S as FRAMES_PER_S
from .shop import (
    DEMO_UNSTOCKED as DEMO_UNSTOCKED,
    VIEWS as VIEWS,
    build_demo_shop as build_demo_shop,
    draw as draw,
    missing_products as missing_products,
)
