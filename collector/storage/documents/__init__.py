"""What is edited and has versions: views, rules, jobs with their leases."""
