"""Where other tools meet Tandem."""
