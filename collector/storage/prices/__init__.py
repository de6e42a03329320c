"""What models cost: the table, prices that Python asks for, pricing anew."""
