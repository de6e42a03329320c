"""Pure functions about datasets: rows, versions, what is uploaded and edited."""
