from .camera_views import (
    CAMERA_SIDE as CAMERA_SIDE,
    camera_view as camera_view,
    cut_out as cut_out,
    synthetic_view as synthetic_view,
)
from .geometry import Box as Box, reticle_box as reticle_box
from .quality import (
    brightness as brightness,
    motion as motion,
    normalise_exposure as normalise_exposure,
    overexposed_share as overexposed_share,
    sharpness as sharpness,
)
from .segmentation import (
    BRIGHTNESS_THRESHOLD as BRIGHTNESS_THRESHOLD,
    Mask as Mask,
    changed_mask as changed_mask,
    exclude_arm as exclude_arm,
    is_ghost as is_ghost,
    object_box as object_box,
    presence as presence,
    relit as relit,
)
from .thumbnails import (
    THUMBNAIL_SHORT_SIDE as THUMBNAIL_SHORT_SIDE,
    Signature as Signature,
    Thumbnail as Thumbnail,
    correlation as correlation,
    gradient_magnitude as gradient_magnitude,
    signature as signature,
    thumbnail as thumbnail,
)
