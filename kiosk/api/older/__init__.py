"""Routes of the three older services, which their clients go on using."""
