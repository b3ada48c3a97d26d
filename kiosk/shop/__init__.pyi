from .duplicates import DuplicateGroup as DuplicateGroup
from .enrolment import Enrolment as Enrolment
from .health import (
    LOW_DISK_MB as LOW_DISK_MB,
    Finding as Finding,
    Grade as Grade,
    examine as examine,
    worst as worst,
)
from .labels import (
    classify as classify,
    label_shares as label_shares,
    label_vectors as label_vectors,
)
from .product_search import SearchHit as SearchHit, SearchResult as SearchResult
from .quantising import quantise_for as quantise_for
from .shop import Shop as Shop
