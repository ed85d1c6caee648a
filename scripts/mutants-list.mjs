// Deliberate faults in our own decisions. Each must be caught by the search; a text that is not found stops the run.

const admission = 'libs/failover/src/admission.ts';
const failback = 'libs/failover/src/admission-failback.ts';
const situation = 'libs/failover/src/admission-situation.ts';
const presence = 'libs/failover/src/admission-presence.ts';
const memory = 'libs/failover/src/admission-memory.ts';
const versions = 'libs/failover/src/versions.ts';
const health = 'apps/health-checker/src/handler.ts';
const remembered = 'apps/health-checker/src/memory.ts';
const beat = 'apps/health-checker/src/beat.ts';
const elsewhere = 'apps/health-checker/src/elsewhere.ts';
const router = 'apps/traffic-router/src/handler.ts';
const writes = 'apps/traffic-router/src/item-writes.ts';
const stores = 'apps/traffic-router/src/stores.ts';
const keyRecords = 'apps/traffic-router/src/key-records.ts';
const repeats = 'apps/traffic-router/src/repeats.ts';
const storedRecords = 'apps/traffic-router/src/stored-records.ts';
const badItems = 'apps/traffic-router/src/bad-items.ts';
const orchestrator = 'apps/failover-orchestrator/src/handler.ts';
const journal = 'libs/failover/src/failover-machine-journal.ts';
const machine = 'libs/failover/src/failover-machine.ts';
const clock = 'libs/handler-core/src/clock.ts';
const telemetry = 'libs/handler-core/src/telemetry.ts';
const ownTimes = 'libs/contracts/src/system/records/own-times.ts';
const failoverTimes = 'libs/contracts/src/system/records/failover-times.ts';
const orchestratorRecords = 'apps/failover-orchestrator/src/records.ts';
const keys = 'apps/traffic-router/src/keys.ts';
const signs = 'apps/failover-orchestrator/src/signs.ts';
const eventSchedule = 'libs/twin/src/services/eventbridge/schedule.ts';
const conflictFinder = 'libs/consistency/src/conflict-finder.ts';
const bounded = 'libs/consistency/src/bounded.ts';
const restoreWrites = 'apps/dr/src/operate/restore/write.ts';
const gameDays = 'apps/dr/src/operate/gameday/records.ts';
const ends = 'apps/dr/src/operate/preflight/ends.ts';
const notification = 'apps/failover-orchestrator/src/notification.ts';
const schedules = 'libs/drills/src/run/run-schedule.ts';
const runRecord = 'libs/drills/src/run/run-record.ts';
const arrival = 'libs/twin/src/services/cloudwatch/arrival.ts';
const connections = 'libs/twin/src/services/route53/kept-connection.ts';
const conditions = 'libs/twin/src/services/iam/context.ts';
const concurrency = 'libs/twin/src/services/lambda/concurrency.ts';
const accelerator = 'libs/twin/src/services/accelerator/accelerator.ts';
const loadBalancers = 'libs/constructs/src/load-balancer.ts';

const healthChecker = (name, breaks, ...edits) => ({ name, app: 'health-checker', breaks, edits });
const trafficRouter = (name, breaks, ...edits) => ({ name, app: 'traffic-router', breaks, edits });
const failoverOrchestrator = (name, breaks, ...edits) => ({ name, app: 'failover-orchestrator', breaks, edits });
const edit = (file, find, put) => ({ file, find, put });

const WITHOUT_THE_WAIT = edit(beat, 'if (previous && mustWait(input))', 'if (previous && false && mustWait(input))');

/** What the random search is not expected to meet: this test finds it, run over the source with the fault. */
const foundBy = (path, named, mutant) => ({ ...mutant, test: { path, named } });
const ageByTheWallClock = (since) => `(clock.wallMs() - ${since})`;

/** `breaks`: the promise that falls, for people. */
export const MUTANTS = [
  healthChecker(
    'evacuates-without-a-serving-peer',
    'I1: the last region that serves stays',
    edit(
      admission,
      "? 'the order had expired'\n      : servingPeers.length === 0",
      "? 'the order had expired'\n      : false",
    ),
    edit(admission, "if (!granted) return { change: {}, reason: 'leaving' };", ''),
    edit(
      admission,
      ': servingPeers.length === 0\n      ? `no other region is known to serve (${describe(situation)})`\n      : hasExpired',
      ': hasExpired',
    ),
    edit(admission, '`${granted.region} serves`', "'nobody was asked'"),
  ),
  healthChecker(
    'leaves-without-the-grant',
    'I1: two regions ordered out at once do not both leave',
    edit(admission, "if (!granted) return { change: {}, reason: 'leaving' };", ''),
    edit(admission, '`${granted.region} serves`', "'nobody was asked'"),
    edit(admission, 'const ahead = heardPeers(situation).find(', 'const ahead = [].find('),
  ),
  healthChecker(
    'no-tie-break',
    'of two evacuations that cross, one is obeyed',
    edit(
      admission,
      '(peer.leaving < leaving || (peer.leaving === leaving && peer.region < region))',
      'peer.leaving <= leaving',
    ),
  ),
  healthChecker(
    'leaves-while-a-peer-is-silent',
    'I1: a cut between regions takes nobody out of service',
    edit(admission, 'if ((edge && !mayStay) || missed.length > 0) {', 'if (!mayStay) {'),
  ),
  healthChecker(
    'readmits-at-once',
    'I3: a region that comes back has caught up',
    edit(
      admission,
      "return { change: { state: 'recovering' }, reason: 'readmitted', closes, ...back };",
      "return { change: { state: 'serving' }, reason: 'readmitted', closes, ...back };",
    ),
  ),
  foundBy(
    'apps/health-checker/src/failback.test.ts',
    'takes no order of the outage before for the next one',
    healthChecker(
      'obeys-an-order-for-another-wait',
      'I7: with failback by hand an order counts for one wait',
      edit(failback, 'wait !== undefined && order.wait === wait.number;', 'wait !== undefined;'),
    ),
  ),
  foundBy(
    'apps/health-checker/src/failback.test.ts',
    'answers 503 for as long as nobody orders the region back, and says that it waits',
    healthChecker(
      'comes-back-without-an-order',
      'I7: with failback by hand no region serves before its order',
      edit(failback, 'if (canServe && readmitted !== undefined)', 'if (canServe)'),
    ),
  ),
  healthChecker(
    'comes-back-without-catching-up',
    'I3: a region that was lost has caught up before it serves',
    edit(situation, 'const mayServe = known && caughtUp && validated;', 'const mayServe = true;'),
  ),
  healthChecker(
    'returns-unasked-beside-a-serving-peer',
    'I4: who was ordered out stays out while another region serves',
    edit(admission, 'if (beat.reached && aloneLongEnough) {', 'if (beat.reached) {'),
  ),
  healthChecker(
    'never-returns-unasked',
    'I2: the survivor of an evacuation may die',
    edit(admission, 'if (beat.reached && aloneLongEnough) {', 'if (false) {'),
  ),
  healthChecker(
    'heartbeat-stands-still',
    'peers see each other live',
    edit(situation, 'sequence: previous.sequence + 1,', 'sequence: previous.sequence,'),
  ),
  healthChecker(
    'orders-are-forgotten',
    'every order is decided',
    edit(admission, 'closed: Math.max(beat.closed, ...closes.map((order) => order.number)),', 'closed: beat.closed,'),
  ),
  healthChecker(
    'health-ignores-the-table',
    'a region whose table is dead is drained',
    edit(health, "if (!(error instanceof TableError) || error.kind !== 'throttled') throw error;", ''),
  ),
  healthChecker(
    'health-ignores-the-router',
    'a region whose router is broken is drained',
    edit(health, 'const reason = (await router) ?? outOfService(look);', 'const reason = outOfService(look);'),
  ),
  healthChecker(
    'health-ignores-admission',
    'an evacuated region is left by its clients',
    edit(health, '(await router) ?? outOfService(look);', 'await router;'),
  ),
  healthChecker(
    'throttling-fails-health',
    'a throttled table takes no region out of service',
    edit(health, "if (!(error instanceof TableError) || error.kind !== 'throttled') throw error;", 'throw error;'),
  ),
  healthChecker(
    'throttling-is-an-absence',
    'a table that has throttled for long takes no region out of service afterwards',
    edit(situation, 'const presence = input.presence ?? null;', 'const presence = null;'),
  ),
  healthChecker(
    'trouble-is-absence',
    'I3: a peer that cannot serve for a moment has written all the while',
    edit(
      memory,
      "const answer = given === 'troubled' ? undefined : given;",
      "const answer = given === 'troubled' ? 'not-serving' : given;",
    ),
  ),
  foundBy(
    'apps/health-checker/src/spoiled-record.test.ts',
    'keeps a region in service beside nobody',
    healthChecker(
      'a-spoiled-record-is-an-absence',
      'I1: a record that somebody has spoiled is no proof that its region was away',
      edit(beat, 'return spoiled && previous', 'return false && spoiled && previous'),
    ),
  ),
  foundBy(
    'apps/health-checker/src/spoiled-record.test.ts',
    'and the region stays',
    healthChecker(
      'peers-keep-no-backup',
      'I1: a region whose record somebody has spoiled goes on from what its peers last read of it',
      edit(memory, 'const backup = record ? backupOf(record)', 'const backup = record ? undefined'),
    ),
  ),
  foundBy(
    'apps/health-checker/src/spoiled-record.test.ts',
    'the region is not new, and catches up',
    healthChecker(
      'a-lost-record-is-a-first-start',
      'I1: a region of which nobody knows what it did leaves only to a peer that serves',
      edit(admission, 'return input.isLost', 'return false && input.isLost'),
    ),
  ),
  healthChecker(
    'a-heartbeat-brings-all-older-writes',
    'I3: who was cut off while its table throttled has caught up before it serves',
    WITHOUT_THE_WAIT,
  ),
  healthChecker(
    'answers-wait-for-each-other',
    'I3: two regions whose beats fall due together hear each other',
    edit(health, 'request?.path === PEER_PATH ? verdictForPeer : verdictOf', 'verdictOf'),
  ),
  healthChecker(
    'throttling-proves-too-much',
    'I3: who was cut off while its table throttled has caught up before it serves',
    edit(presence, 'if (!sight) return false;', 'if (!sight || sight) return true;'),
    edit(presence, 'sequence > 0 && arrived >= sequence;', 'true;'),
    WITHOUT_THE_WAIT,
  ),
  healthChecker(
    'throttling-hides-a-pause-of-replication',
    'I3: a heartbeat that its peer wrote and that never came is missed',
    edit(presence, 'sequence > 0 && arrived >= sequence;', 'true;'),
    WITHOUT_THE_WAIT,
  ),
  foundBy(
    'apps/health-checker/src/many-peers.test.ts',
    'whatever the other one tells of it',
    healthChecker(
      'one-replica-speaks-for-all',
      'I3: what a replica tells of another region proves nothing of that one',
      edit(
        elsewhere,
        'const presence = sighted(joined(mine, kept ?? null, constants), name, told, nowMs, constants);',
        'const presence = states.reduce((seen, state) => sighted(seen, state.region, told && state.sequence, nowMs, constants), joined(mine, kept ?? null, constants));',
      ),
    ),
  ),
  foundBy(
    'apps/health-checker/src/many-peers.test.ts',
    'the far ones too',
    healthChecker(
      'the-nearest-replica-keeps-what-it-alone-has-told',
      'the proof that a region lives holds what every replica has told',
      edit(
        health,
        'if (nearest) await keepElsewhere(question, nearest,',
        'if (nearest) await keepElsewhere({ ...question, memory: { ...memory, presence: nearest.presence } }, nearest,',
      ),
    ),
  ),
  healthChecker(
    'frozen-time-is-no-time',
    'ages count the time for which Lambda froze the environment',
    edit(
      clock,
      'Math.max(now.wallMs - from.wallMs, now.monotonicMs - from.monotonicMs)',
      '(now.monotonicMs - from.monotonicMs)',
    ),
  ),
  healthChecker(
    'the-wall-clock-is-never-put-right',
    'a clock that is minutes off takes no region out of service',
    edit(clock, 'heard: (date) => (offMs = correction(date, wallMs(), offMs)),', 'heard: () => undefined,'),
  ),
  foundBy(
    'libs/handler-core/src/clock.test.ts',
    'where the wall clock has gone back by less than has passed',
    healthChecker(
      'ages-by-the-wall-clock-alone',
      'ages go on while the wall clock goes back',
      edit(
        clock,
        'Math.max(now.wallMs - from.wallMs, now.monotonicMs - from.monotonicMs)',
        '(now.wallMs - from.wallMs)',
      ),
    ),
  ),
  foundBy(
    'apps/health-checker/src/handler.test.ts',
    'does not repeat a cached verdict',
    healthChecker(
      'verdicts-age-by-the-wall-clock',
      'no verdict is repeated while the clock goes back',
      edit(
        health,
        'if (before && clock.isWithin(before.at, CACHE_MS)) return before.is;',
        `if (before && ${ageByTheWallClock('before.at')} < CACHE_MS) return before.is;`,
      ),
      edit(
        health,
        'memory.verdict = { is: verdict, at: started };',
        'memory.verdict = { is: verdict, at: clock.wallMs() };',
      ),
    ),
  ),
  foundBy(
    'apps/health-checker/src/handler.test.ts',
    'does not keep a throttled region from asking its peer',
    healthChecker(
      'the-peer-is-asked-by-the-wall-clock',
      'a throttled region asks its peer once a heartbeat, whatever its clock does',
      edit(
        health,
        '!clock.isWithin(elsewhereAt, constants.heartbeatMs)',
        `${ageByTheWallClock('elsewhereAt')} >= constants.heartbeatMs`,
      ),
      edit(health, 'memory.elsewhereAt = clock.moment();', 'memory.elsewhereAt = clock.wallMs();'),
    ),
  ),
  foundBy(
    'apps/health-checker/src/handler.test.ts',
    'does not keep a region reached that nobody probes',
    healthChecker(
      'probes-age-by-the-wall-clock',
      'a region that nobody probes is not reached',
      edit(health, 'memory.probeAt = clock.moment();', 'memory.probeAt = clock.wallMs();'),
      edit(
        remembered,
        'clock.isWithin(probeAt, Infinity) ? clock.wallMs() - clock.sinceMs(probeAt)',
        'probeAt ? probeAt',
      ),
    ),
  ),
  foundBy(
    'apps/health-checker/src/handler.test.ts',
    'does not repeat what a peer was told',
    healthChecker(
      'answers-to-peers-age-by-the-wall-clock',
      'no peer is told an old verdict while the clock goes back',
      edit(
        health,
        'given && clock.isWithin(given.at, CACHE_MS)',
        "given && (typeof given.at === 'number' ? clock.wallMs() - given.at < CACHE_MS : clock.isWithin(given.at, CACHE_MS))",
      ),
      edit(health, 'const at = clock.moment();', 'const at = clock.wallMs();'),
    ),
  ),
  foundBy(
    'apps/health-checker/src/handler.test.ts',
    'still known to serve the clients of a throttled table',
    healthChecker(
      'a-replica-is-read-for-longer-than-anybody-can-tell',
      'no region says that it is reached on a replica that was read nobody knows when',
      edit(health, 'clock.isWithin(elsewhereAt, constants.freshMs)', 'clock.sinceMs(elsewhereAt) < constants.freshMs'),
    ),
  ),
  foundBy(
    'apps/health-checker/src/handler.test.ts',
    'a new environment that can read nothing keeps out for D',
    healthChecker(
      'blindness-ages-by-the-wall-clock',
      'an environment that can read nothing waits for D, whatever its clock does',
      edit(health, 'memory.blindSince = clock.moment();', 'memory.blindSince = clock.wallMs();'),
      edit(health, 'memory.blindSince ??= clock.moment();', 'memory.blindSince ??= clock.wallMs();'),
      edit(
        health,
        'clock.sinceMs(blindSince) < constants.quietMs',
        `${ageByTheWallClock('blindSince')} < constants.quietMs`,
      ),
    ),
  ),
  foundBy(
    'apps/health-checker/src/spoiled-record.test.ts',
    'does not take what it read a minute ago for news',
    healthChecker(
      'what-is-known-ages-by-the-wall-clock',
      'an environment that knows only of long ago leaves a spoiled record to others',
      edit(remembered, 'memory.recordAt = clock.moment();', 'memory.recordAt = clock.wallMs();'),
      edit(
        remembered,
        'const isKnown = isLately(recordAt)',
        `const isKnown = ${ageByTheWallClock('recordAt')} < constants.freshMs`,
      ),
    ),
  ),
  foundBy(
    'apps/health-checker/src/spoiled-record.test.ts',
    'does not take what it read a minute ago for news',
    healthChecker(
      'what-is-remembered-is-a-backup',
      'an environment that knows only of long ago leaves a spoiled record to others',
      edit(beat, 'known !== undefined && known !== lastKnown;', 'known !== undefined;'),
    ),
  ),
  foundBy(
    'apps/health-checker/src/spoiled-record.test.ts',
    'does not take two spoils a minute apart for one',
    healthChecker(
      'a-spoiled-stretch-ages-by-the-wall-clock',
      'an environment waits for others anew each time that a record is spoiled',
      edit(remembered, 'isLately(spoiled.until)', `${ageByTheWallClock('spoiled.until')} < constants.freshMs`),
      edit(remembered, 'until: clock.moment() }', 'until: clock.wallMs() }'),
    ),
  ),
  foundBy(
    'apps/failover-orchestrator/src/hostile-records.test.ts',
    'as it would be without what somebody has planted',
    failoverOrchestrator(
      'who-cannot-be-read-has-never-started',
      'the loss of a region is recorded and told, though somebody has spoiled its record',
      edit(memory, 'bad.some(({ key }) => key === stateKey(region))', 'false'),
    ),
  ),
  foundBy(
    'apps/health-checker/src/hostile-records.test.ts',
    'grows stale by the second, though somebody has spoiled its record',
    healthChecker(
      'who-cannot-be-read-is-not-late',
      'people hear of a silent peer as fast when its record is spoiled',
      edit(memory, 'bad.some(({ key }) => key === stateKey(region))', 'false'),
    ),
  ),
  foundBy(
    'libs/contracts/src/system/records/control-records.test.ts',
    'no time of a record of one',
    healthChecker(
      'own-times-ahead-are-believed',
      'no time in a record holds up what waits for time to pass',
      edit(ownTimes, '(isAhead(name, ms) ? nowMs : ms)', 'ms'),
    ),
  ),
  foundBy(
    'apps/health-checker/src/hostile-records.test.ts',
    'comes back as it would without what is in the table',
    healthChecker(
      'proofs-to-come-are-believed',
      'I3: no forged proof spares a region that was away what it has missed',
      edit(ownTimes, 'return held.bad.length === 0;', 'return true;'),
    ),
  ),
  foundBy(
    'apps/health-checker/src/hostile-records.test.ts',
    'comes back as it would without what is in the table',
    healthChecker(
      'a-forged-proof-stays',
      'what somebody has put in the place of a proof is written over',
      edit(beat, 'if (spoiled) await keep(', 'if (spoiled && false) await keep('),
    ),
  ),
  foundBy(
    'apps/failover-orchestrator/src/hostile-records.test.ts',
    'a claim in times to come does not silence a notification',
    failoverOrchestrator(
      'claims-to-come-are-believed',
      'people are told of every transition',
      edit(
        failoverTimes,
        "claimedAtMs: orNull('claimedAtMs', transition.claimedAtMs),",
        'claimedAtMs: transition.claimedAtMs,',
      ),
    ),
  ),
  foundBy(
    'apps/failover-orchestrator/src/hostile-records.test.ts',
    'loses no incident, silences nothing, is named and is put right',
    failoverOrchestrator(
      'incidents-to-come-are-believed',
      'no time in a record holds up what is recorded and told of an incident',
      edit(failoverTimes, '[name, regionBy(region, nowMs, isAhead)]', '[name, region]'),
    ),
  ),
  foundBy(
    'apps/failover-orchestrator/src/hostile-records.test.ts',
    'loses no incident, silences nothing, is named and is put right',
    failoverOrchestrator(
      'a-time-to-come-drops-the-incident',
      'an open incident stays open, whatever one of its times says',
      edit(
        failoverTimes,
        '[name, regionBy(region, nowMs, isAhead)]',
        '[name, regionBy({ ...region, transitions: region.transitions.filter(({ atMs }) => !isAhead("atMs", atMs)) }, nowMs, isAhead)]',
      ),
    ),
  ),
  foundBy(
    'apps/failover-orchestrator/src/hostile-records.test.ts',
    'is told in time, though it is said to be recorded in times to come',
    failoverOrchestrator(
      'what-is-put-right-is-not-kept',
      'what waits for its turn to be told waits once',
      edit(orchestratorRecords, ' && !view.isPutRight', ''),
    ),
  ),
  foundBy(
    'apps/failover-orchestrator/src/hostile-records.test.ts',
    'bad records are counted as long as they are there, and named once',
    failoverOrchestrator(
      'the-orchestrator-names-no-bad-record',
      'every bad record is named and counted',
      edit(orchestratorRecords, 'tellBad([...unread, ', 'void ([...unread, '),
    ),
  ),
  foundBy(
    'apps/failover-orchestrator/src/hostile-records.test.ts',
    'no survivor is recorded at a time to come',
    failoverOrchestrator(
      'the-orchestrator-believes-times-to-come',
      'nothing is recorded at a time to come',
      edit(
        orchestratorRecords,
        'state.region === region ? inOwnTime(state, nowMs) :',
        'false ? inOwnTime(state, nowMs) :',
      ),
    ),
  ),
  foundBy(
    'apps/failover-orchestrator/src/hostile-records.test.ts',
    'people are told of an order, though',
    failoverOrchestrator(
      'what-is-noticed-is-beyond-all-orders',
      'people are told what became of every order',
      edit(orchestrator, ' && !isWild', ''),
    ),
  ),
  foundBy(
    'apps/failover-orchestrator/src/hostile-records.test.ts',
    'nobody can count incidents to their end',
    failoverOrchestrator(
      'incidents-count-on-from-anywhere',
      'no record of another region puts the count of incidents at its end',
      edit(failoverTimes, 'incident <= (mine.regions[name]?.incident ?? 0) + MAX_INCIDENTS_AHEAD', 'incident >= 0'),
    ),
  ),
  foundBy(
    'apps/failover-orchestrator/src/hostile-records.test.ts',
    'a count of incidents that somebody has put at its end begins anew',
    failoverOrchestrator(
      'incidents-are-counted-beyond-the-end',
      'a region can always write down its next incident',
      edit(journal, 'nextCount(Math.max(highest, mine.incident))', 'Math.max(highest, mine.incident) + 1'),
    ),
  ),
  foundBy(
    'libs/handler-core/src/core.test.ts',
    'writes them in time while the wall clock goes back and forth',
    healthChecker(
      'metrics-wait-for-the-wall-clock',
      'no metric is held back by a clock that has gone back',
      edit(
        telemetry,
        'interval !== flushed.interval || clock.sinceMs(flushed.at) >= METRIC_INTERVAL_MS;',
        'interval > flushed.interval;',
      ),
    ),
  ),
  foundBy(
    'apps/traffic-router/src/handler.test.ts',
    'passes the local table over for 5 s, though',
    trafficRouter(
      'the-pause-for-a-dead-table-is-by-the-wall-clock',
      'a table that works again is used again, whatever the clock does',
      edit(stores, 'failedAt.set(store, clock.moment());', 'failedAt.set(store, clock.wallMs());'),
      edit(stores, 'clock.isWithin(at, SKIP_MS)', `${ageByTheWallClock('at')} < SKIP_MS`),
    ),
  ),
  foundBy(
    'libs/handler-core/src/clock.test.ts',
    'nobody can tell once the wall clock has gone back',
    trafficRouter(
      'a-frozen-pause-is-not-counted',
      'a table that works again is used again, however long the environment was frozen',
      edit(clock, 'return stepsBack === 0 && livedMs < ms;', 'return livedMs < ms;'),
    ),
  ),
  foundBy(
    'apps/traffic-router/src/handler.test.ts',
    'end when they are revoked, though the wall clock goes back',
    trafficRouter(
      'keys-age-by-the-wall-clock',
      'a revoked key is refused after 5 minutes',
      edit(keys, 'readAt = clock.moment();', 'readAt = clock.wallMs();'),
      edit(keys, '!clock.isWithin(readAt, MAX_AGE_MS)', `${ageByTheWallClock('readAt')} > MAX_AGE_MS`),
    ),
  ),
  trafficRouter(
    'stamps-by-the-clock-alone',
    'what was written upon sight of a version comes after it',
    edit(versions, 'Math.max(nowMs, seenMs + 1)', 'nowMs'),
  ),
  trafficRouter(
    'new-stamp-at-the-peer',
    'a write that was tried at two replicas is one version',
    edit(writes, 'if (!draft) {', 'if (true) {'),
  ),
  trafficRouter(
    'retried-keys-stay-two-writes',
    'two regions that took one retried write agree on one version',
    edit(
      versions,
      'earlier.timestamp < version.timestamp && shareKey(version, earlier, windowMs) && sameContent(version, earlier);',
      'false;',
    ),
  ),
  trafficRouter(
    'acknowledges-before-the-write',
    'every acknowledged write survives',
    edit(
      writes,
      "await table.put({ ...version }, { kind: 'absent' }, signal);\n      return { version, replayed: false };",
      "void table.put({ ...version }, { kind: 'absent' }, signal).catch(() => undefined);\n      return { version, replayed: false };",
    ),
  ),
  trafficRouter(
    'reused-keys-are-answered',
    'a key that belongs to another request is refused',
    edit(
      keyRecords,
      'if (own.length > 0 || recent.length === 0) return own;',
      'if (own.length > 0 || recent.length >= 0) return own.length > 0 ? own : recent;',
    ),
  ),
  trafficRouter(
    'preconditions-are-ignored',
    'a conditional write follows the version that it names',
    edit(writes, "if (preconditions && evaluate(preconditions, latest, false) !== 'met')", 'if (false)'),
  ),
  trafficRouter(
    'two-follow-one-version',
    'of conditional writes that have seen the same version, one region takes one',
    edit(writes, "if (claimed === 'taken') throw", 'if (false) throw'),
    edit(writes, "if (claimed === 'missed') return 'missed';", ''),
  ),
  foundBy(
    'apps/traffic-router/src/preconditions.test.ts',
    'let nobody finish a write whose place another one has taken since',
    trafficRouter(
      'a-conditional-write-is-finished-unasked',
      'of conditional writes that have seen the same version, one is acknowledged, crashes and retries included',
      edit(writes, 'if (use.after === undefined) {', 'if (true) {'),
    ),
  ),
  foundBy(
    'apps/traffic-router/src/preconditions.test.ts',
    'let a retry finish only what began in its own region',
    trafficRouter(
      'a-retry-finishes-what-began-elsewhere',
      'of conditional writes that have seen the same version, a region acknowledges one',
      edit(writes, '} else if (isUseIn(replica.region, use)) open', '} else open'),
    ),
  ),
  foundBy(
    'apps/traffic-router/src/preconditions.test.ts',
    'hold for one though another writer has claimed its place and written since',
    trafficRouter(
      'the-successor-is-read-after-the-latest-version',
      'of conditional writes that have seen the same version, the one that is late is refused',
      edit(writes, 'const place = preconditions && (await successorOf(replica, id));\n  const newest', 'const newest'),
      edit(
        writes,
        'if (!place) return { stamp, previous, atMs };',
        'const place = preconditions && (await successorOf(replica, id));\n  if (!place) return { stamp, previous, atMs };',
      ),
    ),
  ),
  foundBy(
    'apps/traffic-router/src/one-history.test.ts',
    'is the same in the latest and at every page size',
    trafficRouter(
      'a-whole-history-is-judged-by-its-versions',
      'the latest version is the first of the history, whatever has arrived',
      edit(repeats, 'if (whole && !versions.some(related)) return [];', 'if (whole) return versions.filter(related);'),
    ),
  ),
  foundBy(
    'apps/traffic-router/src/history.test.ts',
    'is the same however often the key is used later',
    trafficRouter(
      'the-last-uses-of-a-key-count',
      'what repeats an earlier write stays hidden, however often its key is used',
      edit(keyRecords, ', before: keyUsePlace(atMs + 2 * IDEMPOTENCY_WINDOW_MS) };', ' };'),
    ),
  ),
  foundBy(
    'apps/traffic-router/src/retries.test.ts',
    'two contents of one key are a conflict though the later writer had seen the other',
    trafficRouter(
      'contradictions-are-not-named',
      'two contents of one key are named a conflict',
      edit(repeats, 'return others.filter((_, at) => judged[at]);', 'return [];'),
    ),
  ),
  foundBy(
    'apps/traffic-router/src/hostile-records.test.ts',
    'whatever is in the table, it answers as it would without it',
    trafficRouter(
      'what-is-stored-is-trusted',
      'a record of somebody else changes no answer',
      edit(storedRecords, 'else bad.push(', 'else (fit.push(item), 0) || bad.push('),
    ),
  ),
  foundBy(
    'apps/traffic-router/src/hostile-records.test.ts',
    'thousands of records cost a few reads',
    trafficRouter(
      'bad-records-of-items-are-not-counted',
      'people are told of records that cannot be read',
      edit(badItems, 'telemetry.gauge(METRICS.badRecords, bad.length);', ''),
    ),
  ),
  foundBy(
    'apps/traffic-router/src/retries-at-once.test.ts',
    'a clock that was an hour ahead keeps no key for longer',
    trafficRouter(
      'a-use-in-times-to-come-lasts',
      'a key is free again after its window',
      edit(keyRecords, 'Math.abs(nowMs - atMs) <= IDEMPOTENCY_WINDOW_MS', 'nowMs - atMs <= IDEMPOTENCY_WINDOW_MS'),
    ),
  ),
  foundBy(
    'apps/traffic-router/src/retries-at-once.test.ts',
    'a call that was given up takes no second stamp',
    trafficRouter(
      'a-late-call-takes-a-second-stamp',
      'a write that was tried at two replicas is one version',
      edit(writes, 'signal.throwIfAborted();', ''),
    ),
  ),
  trafficRouter(
    'deletes-by-a-value',
    'a deletion is a tombstone in every replica',
    edit(
      router,
      'return write(api, request, id, { deleted: true });',
      "return write(api, request, id, { json: 'null' });",
    ),
  ),
  trafficRouter(
    'never-falls-back',
    'a dead table costs a slower request, not an outage',
    edit(stores, 'of inOrder()) {', 'of inOrder().slice(0, 1)) {'),
  ),
  foundBy(
    'apps/traffic-router/src/stores.test.ts',
    'the first replica that works answers',
    trafficRouter(
      'only-the-first-peer-is-asked',
      'a request finds the one table of three that lives',
      edit(stores, 'of inOrder()) {', 'of inOrder().slice(0, 2)) {'),
    ),
  ),
  trafficRouter(
    'never-goes-home',
    'a table that works again is used again',
    edit(stores, 'export const SKIP_MS = 5_000;', 'export const SKIP_MS = 5_000_000;'),
  ),
  trafficRouter(
    'answers-without-a-key',
    'no unauthenticated request succeeds',
    edit(router, "await api.checkKey(request.headers['authorization']);", ''),
  ),
  failoverOrchestrator(
    'tells-without-a-claim',
    'people are told of a transition once',
    edit(
      journal,
      'sentAtMs === null && claimedAtMs !== null && claimedAtMs !== (known.get(transitionId) ?? null),',
      'sentAtMs === null,',
    ),
  ),
  foundBy(
    'apps/failover-orchestrator/src/handler.test.ts',
    'is told by the next run',
    failoverOrchestrator(
      'gives-up-after-one-try',
      'people are told of every transition',
      edit(
        orchestrator,
        'note(transitionId, (t) => ({ ...t, claimedAtMs: null }));',
        'note(transitionId, (t) => ({ ...t, sentAtMs: clock.wallMs() }));',
      ),
    ),
  ),
  failoverOrchestrator(
    'every-reporter-has-its-own-id',
    'duplicates share their id',
    edit(notification, 'id: transitionId,', 'id: `${transitionId}#${reporter}`,'),
  ),
  foundBy(
    'libs/failover/src/model-check/orchestrator/check.test.ts',
    'people are told once',
    failoverOrchestrator(
      'ends-before-the-alarm-could-speak',
      'one outage is one incident',
      edit(machine, 'export const ALARM_LAG_MS = 300_000;', 'export const ALARM_LAG_MS = 0;'),
      edit(signs, "if (record.state === 'serving' && !record.reached) return null;", ''),
    ),
  ),
  foundBy(
    'apps/failover-orchestrator/src/handler.test.ts',
    'is not over while the region beats',
    failoverOrchestrator(
      'a-beat-ends-an-incident',
      'a region that nobody reaches is not told to be back',
      edit(signs, "if (record.state === 'serving' && !record.reached) return null;", ''),
    ),
  ),
  foundBy(
    'libs/failover/src/failover-machine.test.ts',
    'stays known as told when the next one begins',
    failoverOrchestrator(
      'the-next-incident-forgets-what-was-told',
      'nothing is told twice',
      edit(machine, 'open.incident >= machine.incident', 'open.incident === incident'),
    ),
  ),
  foundBy(
    'libs/failover/src/failover-machine.test.ts',
    'the neighbour not, while it is the turn of the region itself',
    failoverOrchestrator(
      'everybody-counts-turns-for-itself',
      'one region at a time tells people',
      edit(journal, 'Math.min(recordedAtMs, ...theirs.map((other) => other.recordedAtMs))', 'recordedAtMs'),
    ),
  ),
  foundBy('libs/twin/src/conformance/schedules.test.ts', 'goes on from minute to minute', {
    name: 'a-schedule-may-be-due-at-the-same-time-again',
    breaks: 'virtual time goes on',
    edits: [edit(eventSchedule, 'dueMs > afterMs ? dueMs : times(afterMs + 1)', 'dueMs')],
  }),
  failoverOrchestrator(
    'silence-is-a-failover',
    'replication that stands still is no failover',
    edit(
      machine,
      "if (heartbeat?.kind !== 'stale' || globalRegionAnswers !== false || answers === true) return undefined;",
      "if (heartbeat?.kind !== 'stale') return undefined;",
    ),
  ),
  foundBy('apps/data-consistency-validator/src/hostile-records.test.ts', 'in a dozen items stop no run', {
    name: 'conflicts-remember-any-text',
    breaks: 'no version of an item stops the runs of the validator',
    edits: [edit(conflictFinder, 'region: compared(region),', 'region,')],
  }),
  foundBy('apps/data-consistency-validator/src/hostile-records.test.ts', 'are counted by what they take', {
    name: 'open-keys-are-counted-by-characters',
    breaks: 'no version of an item stops the runs of the validator',
    edits: [edit(bounded, 'Buffer.byteLength(JSON.stringify(text)) - 2', 'text.length')],
  }),
  foundBy('apps/dr/src/operate/gameday/forged.test.ts', 'nothing that is not of this system is asked of AWS', {
    name: 'game-days-of-anybody-are-ended',
    breaks: 'a record makes no call of AWS that is not ours',
    edits: [edit(gameDays, 'const why = notOurs(config, record, nowMs);', 'const why = undefined;')],
  }),
  foundBy('apps/dr/src/operate/preflight/sdk.test.ts', 'aws-sdk@2', {
    name: 'what-has-ended-still-passes',
    breaks: 'preflight fails once a runtime or the SDK has ended',
    edits: [edit(ends, 'if (days < 0) return', 'if (days < -180) return')],
  }),
  foundBy('apps/dr/src/commands/restore.test.ts', 'that somebody has written to since the plan', {
    name: 'a-restore-undoes-what-it-has-not-seen',
    breaks: 'a restore leaves alone what was written after its plan',
    edits: [edit(restoreWrites, "if (shows.newest !== newest) return 'changed';", '')],
  }),
  foundBy('libs/drills/src/search/corpus.test.ts', 'breaks nothing any more', {
    name: 'ends-with-the-audit',
    breaks: 'a run is judged when all is at rest',
    edits: [edit(schedules, 'the machinery goes on.\n      await rest();', 'the machinery goes on.')],
  }),
  foundBy(
    'apps/traffic-router/src/keys.test.ts',
    'a peer is asked only where the own region gives no answer',
    trafficRouter(
      'keys-are-read-in-one-region-alone',
      'a region whose Secrets Manager is away serves with the keys of a peer',
      edit(
        keys,
        'for (const replica of replicas) if (await readFrom(replica)) return;',
        'if (await readFrom(secrets)) return;',
      ),
    ),
  ),
  foundBy('libs/twin/src/conformance/cloudwatch.test.ts', 'CW-01 arrival', {
    name: 'data-reach-cloudwatch-at-once',
    breaks: 'the twin raises no alarm before its data have arrived',
    edits: [edit(arrival, 'leastMs: 60_000, mostMs: 120_000', 'leastMs: 0, mostMs: 1')],
  }),
  foundBy('libs/twin/src/conformance/clients.test.ts', 'CL-02 client_keep_alive', {
    name: 'kept-connections-never-end',
    breaks: 'the twin ends a connection after client_keep_alive',
    edits: [
      edit(connections, 'const isLast = this.ageMs >= this.limits.keepAliveSeconds * 1_000;', 'const isLast = false;'),
    ],
  }),
  foundBy('libs/twin/src/conformance/iam.test.ts', 'FN-05 condition keys', {
    name: 'roles-have-a-source-account',
    breaks: 'the twin allows what AWS allows',
    edits: [
      edit(
        conditions,
        "? { 'aws:PrincipalAccount': accountId,",
        "? { 'aws:SourceAccount': accountId, 'aws:PrincipalAccount': accountId,",
      ),
    ],
  }),
  foundBy('libs/twin/src/conformance/lambda.test.ts', 'FN-03 the account takes ten synchronous requests a second', {
    name: 'requests-of-the-account-have-no-limit',
    breaks: 'the twin throttles what Lambda throttles',
    edits: [edit(concurrency, 'const REQUESTS_PER_EXECUTION = 10;', 'const REQUESTS_PER_EXECUTION = 10_000;')],
  }),
  foundBy('libs/drills/src/measure/populations.test.ts', 'the clock of the promise, its counts and its clients', {
    name: 'the-promise-is-about-everybody',
    breaks: 'the recovery time is of clients that honour the TTL and open a new connection',
    edits: [edit(runRecord, '({ population }) => population === undefined', '() => true')],
  }),
  foundBy('libs/twin/src/conformance/accelerator.test.ts', 'GA-02 what it goes by', {
    name: 'one-look-is-enough-for-an-accelerator',
    breaks: 'the twin leads nobody to a region that has just come back and has not caught up',
    edits: [edit(accelerator, 'news >= ACCELERATOR_LOOK.failureThreshold', 'news >= 1')],
  }),
  foundBy('apps/infra/src/front-door.test.ts', 'has a target group that asks /health', {
    name: 'the-accelerator-goes-by-whether-functions-run',
    breaks: 'behind an accelerator a region that cannot serve, or has not caught up, gets no client',
    edits: [edit(loadBalancers, 'path: HEALTH_PATH,', "path: '/live',")],
  }),
];
