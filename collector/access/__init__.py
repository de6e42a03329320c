"""Who may do what: keys, doors, origins, failed logins."""
