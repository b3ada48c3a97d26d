"""The shop over HTTP: native routes, and those of three older services."""
