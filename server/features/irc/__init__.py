"""Connections to IRC servers, as far as the API tells of them."""
