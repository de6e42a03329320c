"""What a `Dataset` is made of: the forms it is read from and written to, its work."""
