"""The few windows beside the window: export, preferences, shortcuts, what was skipped, about."""
