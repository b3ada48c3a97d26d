from .capture import Capture as Capture
from .devices import CameraInfo as CameraInfo, list_cameras as list_cameras
from .frames import (
    CameraState as CameraState,
    CameraStatus as CameraStatus,
    Frame as Frame,
    FrameSlot as FrameSlot,
    FrameSource as FrameSource,
)
from .process import refuse_full_opencv as refuse_full_opencv
from .replay import VideoFileSource as VideoFileSource
from .rotation import RotatedSource as RotatedSource
from .source import open_source as open_source
