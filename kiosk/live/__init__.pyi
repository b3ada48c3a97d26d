from .advice import Advice as Advice, Adviser as Adviser
from .event_log import describe_sighting as describe_sighting, watch as watch
from .pipeline import LivePipeline as LivePipeline, Recogniser as Recogniser
from .scanner import CodeBook as CodeBook
from .sources import source_factory as source_factory
from .state import scanned as scanned
from .worker import LiveWorker as LiveWorker
