from .collection import (
    Collection as Collection,
    VectorFilters as VectorFilters,
    VectorHit as VectorHit,
)
from .collections import Collections as Collections
from .errors import (
    UnknownVectorError as UnknownVectorError,
    UnusableVectorError as UnusableVectorError,
)
from .index_files import (
    open_index as open_index,
    read_manifest as read_manifest,
    write_index as write_index,
)
from .kinds import IndexKind as IndexKind
