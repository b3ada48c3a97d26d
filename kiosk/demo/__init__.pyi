from .camera import DemoCamera as DemoCamera
from .motion import FRAMES_PER_S as FRAMES_PER_S, Show as Show
from .shop import fill_demo_shop as fill_demo_shop, shop_files as shop_files
from .stock import demo_products as demo_products, strangers as strangers
