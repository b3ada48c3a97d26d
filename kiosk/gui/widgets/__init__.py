"""QML components, models and painted items that several screens use."""
