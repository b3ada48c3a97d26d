from .barcode import (
    Code as Code,
    read_barcode as read_barcode,
    search_bars as search_bars,
    search_codes as search_codes,
)
from .details import compare_details as compare_details
from .gs1 import gtin_in as gtin_in, is_gtin as is_gtin
from .in_store import (
    InStoreCode as InStoreCode,
    is_in_store as is_in_store,
    read_in_store as read_in_store,
)
from .label_reader import (
    LabelReader as LabelReader,
    LabelText as LabelText,
    Line as Line,
    RapidLabelReader as RapidLabelReader,
    can_read_labels as can_read_labels,
    open_label_reader as open_label_reader,
)
from .local_features import (
    DETAILS_VERSION as DETAILS_VERSION,
    DetailExtractor as DetailExtractor,
    LocalFeatures as LocalFeatures,
    extract_details as extract_details,
)
from .words import ProductWords as ProductWords, WordIndex as WordIndex
