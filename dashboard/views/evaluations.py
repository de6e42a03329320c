"""Is it good, and is it better: evaluation runs, one run, and runs compared."""

from dashboard import address, scope
from dashboard.parts.runs import comparing, listing, one
from dashboard.parts.traces import peek

run_id, baseline_id = address.get("evaluation"), address.get("baseline")
if run_id and baseline_id:
    comparing.draw(baseline_id, [run_id, *address.get_all("also")])
elif run_id:
    one.draw(run_id)
else:
    listing.draw(scope.current())
peek.draw()
