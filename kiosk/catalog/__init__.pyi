from .collection_rows import (
    NewVector as NewVector,
    VectorRow as VectorRow,
    VectorRows as VectorRows,
)
from .filters import ProductFilter as ProductFilter
from .photos import NewPhoto as NewPhoto
from .product_statements import Saved as Saved
from .products import Counts as Counts
from .replica import open_catalogue as open_catalogue
from .store import CatalogStore as CatalogStore
from .taps import Tap as Tap
from .validation import storable as storable
from .vectors import PhotoHit as PhotoHit
