"""Programs that download: torrents and files are handed to them."""
