from .collection_rows import (
    NewVector as NewVector,
    VectorRow as VectorRow,
    VectorRows as VectorRows,
)
from .filters import ProductFilter as ProductFilter
from .product_statements import Saved as Saved
from .replica import open_catalogue as open_catalogue
from .store import CatalogStore as CatalogStore
from .validation import storable as storable
