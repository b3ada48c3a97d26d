from .code_requests import (
    CodeRequest as CodeRequest,
    CodeRequestRepository as CodeRequestRepository,
    requests_csv as requests_csv,
)
from .collection_rows import (
    NewVector as NewVector,
    StoredCollection as StoredCollection,
    VectorRow as VectorRow,
    VectorRows as VectorRows,
)
from .database.connections import Database as Database
from .filters import ProductFilter as ProductFilter
from .key_values import KeyValueRepository as KeyValueRepository
from .product_statements import Saved as Saved
from .replica import open_catalogue as open_catalogue
from .store import CatalogReader as CatalogReader, CatalogStore as CatalogStore
from .taps import TapRepository as TapRepository
from .validation import storable as storable
from .vectors import PhotoHit as PhotoHit
