"""Networks to single ONNX files for Android and others."""
