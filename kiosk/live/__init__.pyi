from .advice import Advice as Advice, Adviser as Adviser
from .event_log import describe_sighting as describe_sighting, watch as watch
from .pipeline import (
    CloserLook as CloserLook,
    LivePipeline as LivePipeline,
    Recogniser as Recogniser,
)
from .scanner import CodeBook as CodeBook
from .second_look import (
    BackgroundLooks as BackgroundLooks,
    ImmediateLooks as ImmediateLooks,
    Looks as Looks,
)
from .sources import source_factory as source_factory
from .state import scanned as scanned
from .worker import LiveWorker as LiveWorker
