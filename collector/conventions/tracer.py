"""Our own names, and the standard ones that we write for the same things."""

from collector.conventions.vendor import Vendor
from tracer import semconv

VENDOR = Vendor(
    name="tracer",
    kinds={semconv.KIND: {kind: kind for kind in semconv.KINDS}},
    user_id=(semconv.USER_ID,),
    session_id=(semconv.SESSION_ID,),
    tags=(semconv.TAGS,),
    metadata_prefixes=(semconv.METADATA_PREFIX,),
    input=(semconv.INPUT,),
    output=(semconv.OUTPUT,),
    prompt_name=(semconv.PROMPT_NAME,),
    prompt_version=(semconv.PROMPT_VERSION,),
    environment=(semconv.ENVIRONMENT,),
    release=(semconv.RELEASE,),
    expected=(semconv.EXPECTED,),
    evaluation_id=(semconv.EVALUATION_ID,),
    example_id=(semconv.EXAMPLE_ID,),
    trial=(semconv.TRIAL,),
    error_type=(semconv.ERROR_TYPE,),
    service=(semconv.SERVICE_NAME,),
    project=(semconv.PROJECT,),
)
