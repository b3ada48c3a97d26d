from .folder_scan import differs as differs, scan as scan, vanished as vanished
from .folder_sync import SyncReport as SyncReport, sync_pictures as sync_pictures, watch as watch
