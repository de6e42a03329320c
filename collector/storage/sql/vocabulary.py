"""The words that a statement of a user may use; all others are refused."""

import re

VIEWS = ("spans", "scores", "evaluations")
"""Tables that users see; the store has them as views ``public_v1_NAME``."""

KEYWORDS = frozenset(
    """
    select distinct from where group by having order asc desc nulls first last limit
    offset with as union all except intersect join inner left right full outer
    cross any asof on using array over partition rows range between unbounded preceding
    following current row and or not in like ilike is null true false case when then
    else end interval cast rollup cube totals
    """.split()
)
UNITS = frozenset("second minute hour day week month quarter year".split())
TYPES = frozenset(
    """
    string bool nullable array map tuple lowcardinality date date32 datetime datetime64
    int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 decimal
    """.split()
)
AGGREGATES = frozenset(
    """
    count sum avg min max any anylast argmin argmax uniq uniqexact uniqcombined median
    quantile quantiles quantileexact quantilesexact quantiletdigest quantilestdigest
    grouparray groupuniqarray summap stddevpop stddevsamp varpop varsamp covarpop
    covarsamp corr skewpop skewsamp kurtpop kurtsamp topk simplelinearregression
    mannwhitneyutest welchttest studentttest kolmogorovsmirnovtest entropy
    """.split()
)
COMBINATORS = re.compile(r"(if|distinct|ornull|ordefault)$")
FUNCTIONS = frozenset(
    """
    row_number rank dense_rank ntile lag lead laginframe leadinframe first_value
    last_value nth_value
    if multiif ifnull nullif coalesce isnull isnotnull assumenotnull greatest least
    abs sign round floor ceil ceiling trunc sqrt cbrt exp exp2 exp10 log ln log2 log10
    pow power intdiv intdivorzero modulo divide isnan isfinite isinfinite ifnotfinite
    tostring toint8 toint16 toint32 toint64 touint8 touint16 touint32 touint64 tofloat32
    tofloat64 todate todatetime todatetime64 tofloat64ornull toint64ornull tobool
    touint64ornull todateornull accuratecastornull totypename
    length lengthutf8 char_length empty notempty lower upper lowerutf8 upperutf8
    position positionutf8 positioncaseinsensitive positioncaseinsensitiveutf8 substring
    substr substringutf8 left right leftutf8 rightutf8 concat concatwithseparator
    startswith endswith trim trimleft trimright trimboth ltrim rtrim replace replaceall
    replaceone replaceregexpall replaceregexpone reverse reverseutf8 leftpad rightpad
    format match extract extractall extractgroups like ilike splitbychar splitbystring
    splitbyregexp hastoken hassubstr
    multisearchany multisearchanycaseinsensitive countsubstrings ngramdistance
    jarowinklersimilarity hex unhex
    cityhash64 xxhash64 siphash64 md5 sha256
    now now64 today yesterday toyear toquarter tomonth todayofmonth todayofweek
    todayofyear tohour tominute tosecond toisoweek toyyyymm toyyyymmdd tounixtimestamp
    tounixtimestamp64nano tounixtimestamp64micro tounixtimestamp64milli
    fromunixtimestamp
    fromunixtimestamp64nano fromunixtimestamp64micro fromunixtimestamp64milli
    tostartofyear tostartofquarter tostartofmonth tostartofweek tomonday tostartofday
    tostartofhour tostartofminute tostartofsecond tostartoffiveminutes
    tostartoffifteenminutes tostartoftenminutes tostartofinterval date_trunc datetrunc
    datediff date_diff dateadd date_add datesub date_sub adddays addhours addminutes
    addmonths addweeks addseconds subtractdays subtracthours subtractminutes
    subtractmonths subtractweeks formatdatetime totimezone timeslot
    tointervalsecond tointervalminute tointervalhour tointervalday tointervalweek
    tointervalmonth parsedatetimebesteffort parsedatetimebesteffortornull
    parsedatetime64besteffort
    array arrayjoin arraymap arrayfilter arrayexists arrayall arraycount arraysum
    arrayavg arraymin arraymax arraysort arrayreversesort arraydistinct arrayuniq
    arrayconcat arrayelement arrayslice arrayenumerate arrayzip arrayintersect
    arrayfirst arraylast arrayreverse arraystringconcat arrayflatten arraycompact
    arraydifference arraycumsum has hasany hasall indexof countequal range tuple
    tupleelement map mapkeys mapvalues mapcontains mapfilter mapapply mapfromarrays
    jsonextract jsonextractstring jsonextractint jsonextractuint jsonextractfloat
    jsonextractbool jsonextractraw jsonextractarrayraw jsonextractkeys
    jsonextractkeysandvalues jsonhas jsonlength jsontype isvalidjson json_value
    simplejsonextractstring simplejsonextractint simplejsonextractfloat
    bar formatreadablesize formatreadablequantity formatreadabletimedelta
    exists cast
    """.split()
)


def is_function(name: str) -> bool:
    """Return whether statements may call this function."""
    name = name.lower()
    if name in FUNCTIONS or name in TYPES or name in UNITS:
        return True
    while name not in AGGREGATES:
        shorter = COMBINATORS.sub("", name)
        if shorter == name:
            return False
        name = shorter
    return True


def is_word(name: str) -> bool:
    """Return whether statements may use this word where it calls nothing."""
    return name.lower() in KEYWORDS | UNITS | TYPES
