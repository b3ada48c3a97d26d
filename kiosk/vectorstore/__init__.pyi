from .collections import (
    Collection as Collection,
    Collections as Collections,
    VectorFilters as VectorFilters,
    VectorHit as VectorHit,
)
from .flat import search_exactly as search_exactly
from .indexes import (
    Tier as Tier,
    open_index as open_index,
    read_manifest as read_manifest,
    write_index as write_index,
)
