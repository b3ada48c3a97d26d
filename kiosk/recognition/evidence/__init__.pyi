from .barcode import is_gtin as is_gtin, read_barcode as read_barcode
