"""The demo shop: invented products drawn by our own code, and a camera that shows them."""
