from .collection import (
    Collection as Collection,
    UnknownVectorError as UnknownVectorError,
    UnusableVectorError as UnusableVectorError,
    VectorFilters as VectorFilters,
    VectorHit as VectorHit,
)
from .collections import Collections as Collections
from .index import IndexKind as IndexKind
from .index_files import (
    open_index as open_index,
    read_manifest as read_manifest,
    write_index as write_index,
)
from .server_collection import ServerCollection as ServerCollection
