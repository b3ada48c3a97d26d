from .gate import Box as Box, Mask as Mask, Thumbnail as Thumbnail, reticle_box as reticle_box
