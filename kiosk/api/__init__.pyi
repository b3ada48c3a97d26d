from .app import create_app as create_app
from .keys import ApiKeys as ApiKeys, Role as Role
from .serve import listen as listen, serve as serve
from .server import ApiServer as ApiServer
from .settings import (
    ApiSettings as ApiSettings,
    load_api_settings as load_api_settings,
    load_shop_settings as load_shop_settings,
)
