from .advice import Advice as Advice, Adviser as Adviser
from .event_log import watch as watch
from .pipeline import LivePipeline as LivePipeline, Recogniser as Recogniser
from .sources import source_factory as source_factory
from .worker import LiveWorker as LiveWorker
