"""What OData asks and is told, decided from values alone."""
