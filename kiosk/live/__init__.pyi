from .advice import Adviser as Adviser, read_barcode as read_barcode
from .pipeline import LivePipeline as LivePipeline, Recogniser as Recogniser
from .sources import source_factory as source_factory
from .watch import watch as watch
from .worker import LiveWorker as LiveWorker
