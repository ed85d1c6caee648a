// What stands for hours on the twin: apart from what enacts incidents, so that their list can be shown without it.
/** Failing over takes a minute, and catching up another: what lasted for hours needs no more here to come to rest. */
export const LONG_SECONDS = 300;
