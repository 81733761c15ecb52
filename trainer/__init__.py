"""The Python half of Contender: one trainer, one evaluation server, one classical reference."""
