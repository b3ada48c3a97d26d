from .backups import backup as backup, restore as restore
from .exporting import export_catalog as export_catalog
from .importing import ImportReport as ImportReport, import_catalog as import_catalog
