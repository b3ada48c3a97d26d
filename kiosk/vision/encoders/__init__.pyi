from .batches import encode_batches as encode_batches
from .image_encoder import Encoder as Encoder, load_encoder as load_encoder
from .lazy_encoder import LazyEncoder as LazyEncoder
from .preprocessing import (
    fitting_of as fitting_of,
    preprocess as preprocess,
    preprocess_batch as preprocess_batch,
)
from .runtimes import open_graph as open_graph
from .text_encoder import (
    TextEncoder as TextEncoder,
    clean_text as clean_text,
    load_text_encoder as load_text_encoder,
)
