"""From PyTorch checkpoints to the model folders and bundles that the kiosk and phones run.

Needs the extra `export`; the running kiosk never imports this package.
"""
