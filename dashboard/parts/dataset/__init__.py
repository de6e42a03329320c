"""What the page of one dataset is put together of, and what makes new rows."""
