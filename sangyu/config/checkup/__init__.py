"""What `sangyu doctor` looks at. Nothing here changes anything: the connections are read-only, files are only read."""
