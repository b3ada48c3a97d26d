"""The window as a whole: composition, session, language, tasks."""
