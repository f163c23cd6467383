"""Live connections to trackers: what changes there comes here, and status and title go back."""
