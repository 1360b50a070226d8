"""Files of other web servers, fetched once and kept."""
