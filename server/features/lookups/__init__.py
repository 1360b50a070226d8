"""What public sites know of movies and shows."""
