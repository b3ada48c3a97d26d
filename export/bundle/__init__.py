"""A shop for the phone: packages, catalogue, metric and proofs in one folder."""
