"""`python -P -m dashboard`: the dashboard alone, as `tracer dashboard` starts it."""

from dashboard.commands import dashboard

if __name__ == "__main__":
    dashboard(prog_name="python -m dashboard")
