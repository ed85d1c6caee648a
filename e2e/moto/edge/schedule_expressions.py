"""When a schedule is due: rate(...), cron(...) and at(...), as EventBridge reads them. Times in, times out; no clock here.

Sources: the EventBridge guide, "Setting a schedule pattern", and the EventBridge Scheduler guide, "Schedule types". A rate counts
from `since`. Cron fields are: minutes hours day-of-month month day-of-week year; days of the week run from 1 = SUN.
"""

import calendar
import re
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

UNITS = {"minute": 60, "hour": 3600, "day": 86400}
MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
DAYS = {name: number for number, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), 1)}
FIELDS = (
    ("minutes", 0, 59, {}),
    ("hours", 0, 23, {}),
    ("day-of-month", 1, 31, {}),
    ("month", 1, 12, MONTHS),
    ("day-of-week", 1, 7, DAYS),
    ("year", 1970, 2199, {}),
)
SPECIAL = re.compile(r"L|LW|\d{1,2}W|[1-7]L|[1-7]#[1-5]")
MAX_DAYS_AHEAD = 5 * 366


def next_time(expression, since, after, zone="UTC"):
    """The first time later than `after` at which the schedule is due, or None. Aware datetimes. Raises ValueError."""
    kind, _, inside = expression.removesuffix(")").partition("(")
    if kind == "rate":
        period = period_of(inside)
        return since + period * ((after - since) // period + 1) if after >= since else since + period
    if kind == "at":
        due = datetime.strptime(inside, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=ZoneInfo(zone))
        return due.astimezone(timezone.utc) if due > after else None
    if kind == "cron":
        return next_cron(inside, after, ZoneInfo(zone))
    raise ValueError(f"{expression} is no schedule expression")


def period_of(inside):
    """A unit is singular for 1 and plural for more, or EventBridge refuses it."""
    match = re.fullmatch(r"(\d+) (minute|hour|day)(s?)", inside)
    if not match or int(match[1]) < 1 or (int(match[1]) == 1) == bool(match[3]):
        raise ValueError(f"rate({inside}) is no rate")
    return timedelta(seconds=int(match[1]) * UNITS[match[2]])


def next_cron(inside, after, zone):
    texts = inside.split()
    if len(texts) != len(FIELDS):
        raise ValueError(f"cron({inside}) has {len(texts)} fields, not {len(FIELDS)}")
    if (texts[2] == "?") == (texts[4] == "?"):
        raise ValueError(f"cron({inside}): one of day-of-month and day-of-week must be ?, and the other not")
    days, weekdays = texts[2].upper().split(","), texts[4].upper().split(",")
    minutes, hours, months, years = (members(texts[i], *FIELDS[i]) for i in (0, 1, 3, 5))
    for part, field in [(part, FIELDS[2]) for part in days] + [(part, FIELDS[4]) for part in weekdays]:
        if not SPECIAL.fullmatch(part):
            members(part, *field)  # refuses what is none
    local = after.astimezone(zone)
    for ahead in range(MAX_DAYS_AHEAD):
        date = local.date() + timedelta(days=ahead)
        if date.year not in years or date.month not in months:
            continue
        if not any(day_fits(part, date) for part in days) or not any(weekday_fits(part, date) for part in weekdays):
            continue
        for hour in sorted(hours):
            for minute in sorted(minutes):
                due = datetime(date.year, date.month, date.day, hour, minute, tzinfo=zone)
                if due > after:
                    return due.astimezone(timezone.utc)
    return None


def day_fits(part, date):
    """Day of the month: L is the last one, nW the weekday nearest to the nth, within the month."""
    last = calendar.monthrange(date.year, date.month)[1]
    if part == "L":
        return date.day == last
    if part.endswith("W"):
        wanted = last if part == "LW" else min(int(part[:-1]), last)
        nearest = sorted(range(1, last + 1), key=lambda day: (abs(day - wanted), day < wanted))
        return date.day == next(day for day in nearest if date.replace(day=day).isoweekday() <= 5)
    return date.day in members(part, *FIELDS[2])


def weekday_fits(part, date):
    """Day of the week: nL is the last of its kind in the month, n#k the kth; L alone is Saturday."""
    number, last = date.isoweekday() % 7 + 1, calendar.monthrange(date.year, date.month)[1]
    if "#" in part:
        return number == int(part[0]) and (date.day - 1) // 7 + 1 == int(part[2])
    if part == "L":
        return number == 7
    if part.endswith("L"):
        return number == int(part[0]) and date.day + 7 > last
    return number in members(part, *FIELDS[4])


def members(text, name, low, high, names):
    """The numbers that a cron field stands for."""
    if text in ("*", "?"):
        return set(range(low, high + 1))
    found = set()
    for part in text.upper().split(","):
        part, _, step = part.partition("/")
        first, _, last = part.partition("-")
        first = low if first == "*" else number_of(first, name, names)
        last = number_of(last, name, names) if last else (high if step or part == "*" else first)
        if not low <= first <= last <= high:
            raise ValueError(f"{name} {text} is not within {low}-{high}")
        found |= set(range(first, last + 1, int(step or 1)))
    return found


def number_of(text, name, names):
    if text in names:
        return names[text]
    if not text.isdigit():
        raise ValueError(f"{name} {text} is not understood")
    return int(text)
