"""What every request to the API goes through besides its route."""
