"""What people did beside answering, such as orders and cancellations, as applications tell."""
