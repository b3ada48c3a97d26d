from .app import create_app as create_app
from .keys import ApiKeys as ApiKeys, Role as Role
from .server import ApiServer as ApiServer
from .serving import listen as listen, serve as serve
from .settings import (
    ApiSettings as ApiSettings,
    load_api_settings as load_api_settings,
    load_shop_settings as load_shop_settings,
)
