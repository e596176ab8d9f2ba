"""Resource types that moto reports as CREATE_COMPLETE and does not make. Only those that our templates use."""
