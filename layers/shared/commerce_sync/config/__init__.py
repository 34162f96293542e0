"""Configuration: TOML files, one per concern, parsed by strict models. A bad file fails the build and every start."""
