"""The service of the API's tests, for what the documentation says of it."""

from tests.api.conftest import encoder, open_shop, service, stocked_folder

__all__ = ["encoder", "open_shop", "service", "stocked_folder"]
