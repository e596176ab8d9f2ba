/** A fault put into the product on purpose, and the test that must notice. */
export interface Mutation {
  /** The invariant that the fault breaks. */
  readonly invariant: string;
  readonly file: string;
  /** Text of the file, once, and what stands there instead. */
  readonly replace: readonly [string, string];
  /** Test file, and the beginning of the test's name. */
  readonly noticedBy: readonly [string, string];
}

const rotation = 'test/lifecycle/rotation.test.ts';
const mails = 'test/lifecycle/mails.test.ts';
const administration = 'test/lifecycle/administration.test.ts';
const crashes = 'test/lifecycle/crash-edited.test.ts';
const forgotten = 'test/lifecycle/forgotten.test.ts';
const documents = 'test/lifecycle/documents.test.ts';
const leak = 'test/lifecycle/leak.test.ts';
const who = 'test/lifecycle/who.test.ts';
const orders = 'test/lifecycle/orders.test.ts';
const limbo = 'test/lifecycle/limbo.test.ts';
const wayBack = 'test/lifecycle/way-back.test.ts';
const strangers = 'test/lifecycle/strangers.test.ts';
const restart = 'test/lifecycle/restart.test.ts';
const restarts = 'test/workflows/restart.test.ts';
const ecs = 'test/adapters/ecs.test.ts';
const digest = 'test/lifecycle/digest.test.ts';
const helper = 'test/consumer/rotating-key.test.ts';
const consumers = 'test/notices/consumers.test.ts';
const machineEvents = 'test/lifecycle/machine-events.test.ts';
const verdicts = 'test/adapters/anthropic-verdicts.test.ts';
const grants = 'test/constructs/grants.test.ts';
const inventory = 'test/domain/inventory.test.ts';
const listings = 'test/adapters/anthropic-listings.test.ts';
const everywhere = 'test/cli/everywhere.test.ts';
const ticketPlan = 'test/tickets/plan.test.ts';
const githubIssues = 'test/adapters/github-issues.test.ts';
const keyless = 'test/lifecycle/keyless.test.ts';
const federation = 'test/domain/keyless.test.ts';
const sitting = 'test/cli/prove.test.ts';

export const MUTATIONS: readonly Mutation[] = [
  {
    invariant: 'A superseded key is pinned before the new one is accepted',
    file: 'lib/domain/rotation/reconcile.ts',
    replace: [
      'return [...pins, ...others, move, ...dropInert(o, current, oldest)];',
      'return [move, ...pins, ...others, ...dropInert(o, current, oldest)];',
    ],
    noticedBy: [crashes, 'good direct edit converges'],
  },
  {
    invariant: 'Every alive superseded key has a deadline after the next check',
    file: 'lib/domain/rotation/reconcile.ts',
    replace: ['return [...pins, ...others, move,', 'return [...pins, move,'],
    noticedBy: [rotation, 'a direct edit twice before anybody looked'],
  },
  {
    invariant: 'No key of this workspace is forgotten alive',
    file: 'lib/workflows/fetch-secret.ts',
    replace: ['accepted === undefined || row.createdAt > accepted.createdAt', 'accepted === undefined'],
    noticedBy: [forgotten, 'a good key over which somebody submits'],
  },
  {
    invariant: 'A submission is refused for what is wrong with itself',
    file: 'lib/workflows/rotate.ts',
    replace: [
      'if (submitted && keyText(submitted.value).trim() !==',
      'if (!submitted && keyText(candidate.value) !==',
    ],
    noticedBy: [forgotten, 'a good key that is submitted while another one is tested'],
  },
  {
    invariant: 'No role of a function passes for a person',
    file: 'lib/workflows/administer.ts',
    replace: ['if (isOrder(asked) && !others.door.forOrders)', 'if (false as boolean)'],
    noticedBy: [orders, 'no order is taken from the role of'],
  },
  {
    invariant: 'Only the door for orders is one',
    file: 'lib/contract/names.ts',
    replace: [
      "invokedFunctionArn.split(':').slice(7).join(':') === ORDERS_ALIAS",
      "invokedFunctionArn !== ''",
    ],
    noticedBy: [orders, 'no order is taken from the role of'],
  },
  {
    invariant: 'A leaked key gets no grace',
    file: 'lib/domain/secret.ts',
    replace: ['return first ?? latest(retire);', 'return first ? plus(first, 480 * HOUR) : latest(retire);'],
    noticedBy: [leak, 'the grace of an old key ends with the report'],
  },
  {
    invariant: 'Nothing goes back to a leaked key',
    file: 'lib/workflows/roll-back.ts',
    replace: ['if (leakedOn(observation, ref.fingerprint))', 'if (false as boolean)'],
    noticedBy: [leak, 'without Admin access a leaked key'],
  },
  {
    invariant: 'No machine goes back to a leaked key',
    file: 'lib/domain/rotation/reconcile.ts',
    replace: ['  !isLeaked(o, accepted);\n', '  true;\n'],
    noticedBy: [leak, 'a bad edit over a leaked key'],
  },
  {
    invariant: 'Nobody’s way back is overruled',
    file: 'lib/domain/rotation/reconcile.ts',
    replace: ['...dropTakenBack(o, now), ', ''],
    noticedBy: [wayBack, 'whoever goes back by command'],
  },
  {
    invariant: 'At most three keys an hour are switched off by a machine',
    file: 'lib/workflows/deactivate.ts',
    replace: ['earlier >= MOST_PER_HOUR', 'earlier < 0'],
    noticedBy: ['test/lifecycle/limits.test.ts', 'three keys an hour'],
  },
  {
    invariant: 'A bad hand edit over an alive accepted key is rolled back',
    file: 'lib/domain/rotation/reconcile.ts',
    replace: ['isGood(accepted) &&', '!isGood(accepted) &&'],
    noticedBy: [rotation, 'a direct edit of a dead key is judged'],
  },
  {
    invariant: 'A deliberate stop is never rolled back',
    file: 'lib/domain/fault.ts',
    replace: [
      "if (version.content.kind === 'malformed' || displaces(version, o)) return 'malformed';",
      "if (version.content.kind !== 'key') return 'malformed';",
    ],
    noticedBy: [rotation, 'a direct edit of DISABLED is judged'],
  },
  {
    invariant: 'A rotation changes the key in a value and nothing else',
    file: 'lib/workflows/new-value.ts',
    replace: [
      'if (old) return exchangeKey(stored.value, old.reveal(),',
      'if (old) return fillIn(stored.value,',
    ],
    noticedBy: [documents, 'an adopted key is rotated in place'],
  },
  {
    invariant: 'A key where services do not look takes the place of no good one',
    file: 'lib/domain/rotation/reconcile.ts',
    replace: ['isGood(current) && !faultOf(current, o)', 'isGood(current)'],
    noticedBy: [documents, 'over a good key that stands in its place where people undo edits'],
  },
  {
    invariant: 'An empty field beside another key is a stop',
    file: 'lib/domain/secret.ts',
    replace: ['(v.current && !isStop)', 'v.current'],
    noticedBy: [documents, 'over a good key that stands in its place a stop is a stop'],
  },
  {
    invariant: 'A death of one answer is no death',
    file: 'lib/workflows/judge-keys.ts',
    replace: [
      'const verdicts = first.map(unconfirmed);',
      'const verdicts = [...first];\n  if (first.length > 0) return { verdicts, refusedElsewhere: 0 };',
    ],
    noticedBy: [rotation, 'a death of one answer'],
  },
  {
    invariant: 'UNKNOWN moves no label and is no death',
    file: 'lib/domain/fault.ts',
    replace: [
      "if (version.verdict?.kind === 'DEAD') return 'dead';",
      "if (version.verdict?.kind !== 'ALIVE') return 'dead';",
    ],
    noticedBy: ['test/domain/reconcile.test.ts', 'a new key, no answer'],
  },
  {
    invariant: 'A proof of death needs the new key alive in the same run',
    file: 'lib/domain/rotation/retirement.ts',
    replace: [
      'if (!live || !(isGood(live) || needsNoKey(live)) || !verdict) return undefined;',
      'if (!live || !verdict) return undefined;',
    ],
    noticedBy: [mails, 'no death is proven while the new key'],
  },
  {
    invariant: 'The last label of a key goes only when people could know',
    file: 'lib/workflows/check.ts',
    replace: ['reported.has(findingId)', 'findingId !== undefined'],
    noticedBy: [mails, 'a key’s last label stays'],
  },
  {
    invariant: 'No notice comes twice for one reminder',
    file: 'lib/domain/findings/plan.ts',
    replace: ['notices[f.id] !== f.reminder', 'f.reminder !== undefined'],
    // Whoever sends looks again: the flow alone would not show it.
    noticedBy: ['test/domain/digest.test.ts', 'a reminder of which it was said'],
  },
  {
    invariant: 'No notice is lost',
    file: 'lib/workflows/send-notices.ts',
    replace: ['    return have;\n', '    return { people: true, topic: true };\n'],
    noticedBy: [mails, 'a topic that refuses for three days'],
  },
  {
    invariant: 'No event is lost',
    file: 'lib/workflows/send-notices.ts',
    replace: ['have.bus || (await emit(notice.data, ports))', '(await emit(notice.data, ports)) || true'],
    noticedBy: [machineEvents, 'while the bus answers denied for a day'],
  },
  {
    invariant: 'No event comes twice for one reminder',
    file: 'lib/workflows/send-notices.ts',
    replace: ['have.bus || (await emit(notice.data, ports))', 'await emit(notice.data, ports)'],
    noticedBy: [machineEvents, 'while nobody has confirmed for a week'],
  },
  {
    invariant: 'An event that is made up for brings no mail with it',
    file: 'lib/workflows/send-notices.ts',
    replace: ['return have.people ?', 'return (false as boolean) ?'],
    noticedBy: [machineEvents, 'while the bus answers denied for a day'],
  },
  {
    invariant: 'What no later check finds stays until machines have it',
    file: 'lib/workflows/check.ts',
    replace: ['reported.has(findingId) && !waits', 'reported.has(findingId)'],
    noticedBy: [machineEvents, 'what no later check would find the proof of a death'],
  },
  {
    invariant: 'A bus that is down for good keeps nothing for ever',
    file: 'lib/domain/rotation/retirement.ts',
    replace: ['EVENT_WAITS = 2 * DAY', 'EVENT_WAITS = 2000 * DAY'],
    noticedBy: [machineEvents, 'what no later check would find a bus that never answers keeps no label'],
  },
  {
    invariant: 'No event holds back what people know of',
    file: 'lib/workflows/deactivate.ts',
    replace: ['if (!told.heard)', 'if (!told.heard || !told.emitted)'],
    noticedBy: [machineEvents, 'what no later check would find a key is switched off when people know'],
  },
  {
    invariant: 'What was announced and done reaches machines, too',
    file: 'lib/domain/findings/plan.ts',
    replace: ['if (!lacksEvent(remembered)) return undefined;', 'if (remembered) return undefined;'],
    noticedBy: [machineEvents, 'what no later check would find a leak is stopped'],
  },
  {
    invariant: 'An end is for those who heard of the beginning',
    file: 'lib/workflows/send-notices.ts',
    replace: ['holdersOfEnd(remembered) :', "holdersOf(remembered, 'over') :"],
    noticedBy: ['test/lifecycle/alarms.test.ts', 'the end of what nobody was told of'],
  },
  {
    invariant: 'A notice is heard by a mailbox that should have it, and by no machine',
    file: 'lib/domain/notices/audience.ts',
    replace: ['people: mailboxes.some(', 'people: confirmed.some(() => true) || mailboxes.some('],
    noticedBy: ['test/lifecycle/heard.test.ts', 'an old key keeps its label until somebody hears'],
  },
  {
    invariant: 'What a stranger tags counts for nothing',
    file: 'lib/contract/managed.ts',
    replace: ['hasOwnName(secret) || isDeployed(secret)', 'secret.arn !== undefined'],
    noticedBy: [strangers, 'a good submission is not refused'],
  },
  {
    invariant: 'A machine never switches off what is live in another managed secret',
    file: 'lib/domain/rotation/deactivation.ts',
    replace: ['liveElsewhere === undefined || liveElsewhere.length > 0', 'liveElsewhere === undefined'],
    noticedBy: [administration, 'a key that is live in another managed secret'],
  },
  {
    invariant: 'A machine never switches off the live key',
    file: 'lib/domain/rotation/deactivation.ts',
    replace: [
      'holdsBack: ({ observation, target }) => isLive(observation, target),',
      'holdsBack: () => false,',
    ],
    noticedBy: [administration, 'the live key is switched off only'],
  },
  {
    invariant: 'Usage that is not known is not idle',
    file: 'lib/domain/rotation/retirement.ts',
    replace: ["usage?.kind === 'idle' && inspection", "usage?.kind !== 'in-use' && inspection"],
    noticedBy: [rotation, 'with Admin access usage that is not known'],
  },
  {
    invariant: 'No statement of freshness never means idle',
    file: 'lib/domain/console/usage.ts',
    replace: ['reached === undefined || elapsed(', 'reached !== undefined && elapsed('],
    noticedBy: ['test/domain/usage.test.ts', 'a report that does not say how far it reaches says nothing'],
  },
  {
    invariant: 'A report of which a part is not as documented is no answer',
    file: 'lib/adapters/anthropic-usage.ts',
    replace: ['if (more !== false && (more !== true ||', 'if (more === true && (more !== true ||'],
    noticedBy: ['test/adapters/anthropic-usage.test.ts', 'the Messages report that holds no word on further'],
  },
  {
    invariant: 'A report that ends before the window begins never means idle',
    file: 'lib/domain/console/usage.ts',
    replace: [' || reached <= window.from', ''],
    noticedBy: [
      'test/domain/usage.test.ts',
      'whether a key is in use a report that ends before the window begins',
    ],
  },
  {
    invariant: 'Use that names no key is not left out',
    file: 'lib/adapters/anthropic-usage.ts',
    replace: [
      "if (typeof value !== 'string') throw",
      "if (typeof value !== 'string') return '';\n  if (value === '') throw",
    ],
    noticedBy: [
      'test/adapters/anthropic-usage.test.ts',
      'the analytics report that holds a row that names no key',
    ],
  },
  {
    invariant: 'Only a person who withdraws a report takes off the mark of a leak',
    file: 'lib/workflows/extend-grace.ts',
    replace: ['unpins(version, others)', 'unpins({ ...version, retire: others })'],
    noticedBy: ['test/lifecycle/leak.test.ts', 'ending its grace once more'],
  },
  {
    invariant: 'Nobody waits in silence for evidence that does not come',
    file: 'lib/domain/rotation/retirement.ts',
    replace: ['PATIENCE_WITH_USAGE = 6 * HOUR', 'PATIENCE_WITH_USAGE = 600 * HOUR'],
    noticedBy: ['test/lifecycle/usage.test.ts', 'usage that may be known later'],
  },
  {
    invariant: 'A submitted key that went bad is taken back',
    file: 'lib/domain/fault.ts',
    replace: [
      "return fault === 'malformed' || !sameKey(current, o.accepted) ? fault : undefined;",
      "return fault === 'malformed' || !(sameKey(current, o.accepted) || isSubmission(o, current)) ? fault : undefined;",
    ],
    noticedBy: [rotation, 'a submitted key that goes bad between its test and its acceptance is taken back'],
  },
  {
    invariant: 'The same key again is no younger',
    file: 'lib/domain/key-age.ts',
    replace: ['v.current || v.previous || v.accepted ||', 'v.current ||'],
    noticedBy: [rotation, 'a direct edit of the same key'],
  },
  {
    invariant: 'Memory prevents repeats and nothing else',
    file: 'lib/domain/key-age.ts',
    replace: [
      'return new Date(Math.min(...dates.map((date) => date.getTime())));',
      'return o.memory.verdict?.keyCreatedAt ?? new Date(Math.max(...dates.map((date) => date.getTime())) + 1e10);',
    ],
    noticedBy: [mails, 'forgetting everything repeats'],
  },
  {
    invariant: 'AWSCURRENT moves forward only after a test',
    file: 'lib/workflows/rotate.ts',
    replace: [
      "case 'DEAD':\n      return reject",
      "case 'DEAD':\n      return;\n    case 'UNKNOWN':\n      return reject",
    ],
    noticedBy: [rotation, 'a submission that is refused a dead key'],
  },
  {
    invariant: 'No alive key is called dead while everybody is refused',
    file: 'lib/domain/probe/vote.ts',
    replace: ['votes.every(({ controlled }) => controlled) ? verdict', 'votes.length > 0 ? verdict'],
    noticedBy: [
      'test/lifecycle/proof.test.ts',
      'while everybody is refused one or two keys are told of at once, as refused',
    ],
  },
  {
    invariant: 'An answer that is repeated is one vote',
    file: 'lib/domain/probe/vote.ts',
    replace: [
      'if (verdict.evidence.requestId === first.verdict.evidence.requestId)',
      'if (false as boolean)',
    ],
    noticedBy: ['test/domain/vote.test.ts', 'an answer that is repeated is one vote'],
  },
  {
    invariant: 'A header that speaks against a death vetoes it',
    file: 'lib/domain/probe/vote.ts',
    replace: ["if (veto) return { reason: 'vetoed-401', veto: veto[0] };", ''],
    noticedBy: [verdicts, 'the organization of the home vetoes nothing, a foreign one does'],
  },
  {
    invariant: 'Wording never kills',
    file: 'lib/domain/probe/classify.ts',
    replace: ["[401, { unknown: 'unclear-401' }],", "[401, 'DEAD', undefined, /invalid x-api-key/i],"],
    noticedBy: [verdicts, 'answers that are not what they look like 401 of type permission_error'],
  },
  {
    invariant: 'A version is named by the hash of its whole id',
    file: 'lib/domain/key.ts',
    replace: ['shortHash(versionId)', 'versionId.slice(0, 8)'],
    noticedBy: ['test/lifecycle/version-ids.test.ts', 'keys that were overtaken between two checks'],
  },
  {
    invariant: 'No machine switches a key off that a registered consumer may still hold',
    file: 'lib/domain/rotation/deactivation.ts',
    replace: ['consumers === undefined || notFresh(consumers).length > 0', 'false as boolean'],
    noticedBy: [restart, 'the function with Admin access looks by itself'],
  },
  {
    invariant: 'Only where all consumers are fresh is a machine asked to switch a key off',
    file: 'lib/domain/rotation/retirement.ts',
    replace: [
      'if (automatic && idle && free && withinWorkingHours',
      'if (automatic && idle && withinWorkingHours',
    ],
    noticedBy: [restart, 'a service that still runs old tasks keeps the old key alive'],
  },
  {
    invariant: 'A consumer that holds the old key extends its grace',
    file: 'lib/domain/rotation/retirement.ts',
    replace: [
      'if (automatic && idle && !free) return',
      'if (automatic && idle && !free && (false as boolean)) return',
    ],
    noticedBy: [restart, 'a service that still runs old tasks keeps the old key alive'],
  },
  {
    invariant: 'A consumer without an answer counts as one that holds the old key',
    file: 'lib/domain/freshness.ts',
    replace: ["look.state === 'fresh' ? [] : look", "look.state === 'stale' ? look : []"],
    noticedBy: [restart, 'without an answer the old key stays'],
  },
  {
    invariant: 'A leaked key gets no time for consumers',
    file: 'lib/workflows/ask-consumers.ts',
    replace: [
      'until <= now && answers(version) && !leakedOn(o, ref.fingerprint)',
      'answers(version) && until <= now',
    ],
    noticedBy: [restart, 'a leaked key gets no more time'],
  },
  {
    invariant: 'When the live key changed last outlives the proof that an older key is dead',
    file: 'lib/domain/memory.ts',
    replace: [
      'return { fingerprint, ...(changedAt && { changedAt }) };',
      'return { fingerprint, ...(changedAt && {}) };',
    ],
    noticedBy: ['test/domain/change-known.test.ts', 'the proof that an older key is dead takes the place'],
  },
  {
    invariant: 'A task counts as fresh only if it was created after the change and the margin',
    file: 'lib/workflows/restart.ts',
    replace: ['const since = plus(changed, margin);', 'const since = plus(changed, 0 * margin);'],
    noticedBy: [restarts, 'a look a task within the margin'],
  },
  {
    invariant: 'All pages of tasks are read',
    file: 'lib/adapters/ecs.ts',
    replace: [
      'of pages) arns.push(...taskArns);',
      'of pages) {\n        arns.push(...taskArns);\n        break;\n      }',
    ],
    noticedBy: [ecs, 'all of 250 tasks are read'],
  },
  {
    invariant: 'A task that is to stop may still hold the old key',
    file: 'lib/adapters/ecs.ts',
    replace: ['...(await list(DesiredStatus.STOPPED))', '...[]'],
    noticedBy: [ecs, 'a task that was told to stop counts'],
  },
  {
    invariant: 'A deployment of after the change is not started again',
    file: 'lib/workflows/restart.ts',
    replace: [
      'if (createdAt && createdAt >= since && !failed)',
      'if (createdAt && createdAt >= since && failed)',
    ],
    noticedBy: [restarts, 'after a change a deployment of after the change, under way'],
  },
  {
    invariant: 'A promotion that could not be remembered makes no task of before it fresh',
    file: 'lib/domain/rotation/remember.ts',
    replace: ['if (!changedAt || !accepted || !sameKey(live, accepted)) return false;', 'return false;'],
    noticedBy: [restart, 'a change that memory does not tell because no tag could be written then'],
  },
  {
    invariant: 'An event that comes twice says twice when the key changed',
    file: 'lib/workflows/check.ts',
    replace: [
      'memoryToTags({ ...memory, notices: {} })',
      'memoryToTags({ ...memory, timeline: {}, notices: {} })',
    ],
    noticedBy: [restart, 'an event that comes twice says twice'],
  },
  {
    invariant: 'An event that is repeated restarts nobody who was restarted for its change',
    file: 'lib/workflows/restart.ts',
    replace: ['return changedAt === undefined ?', 'return (true as boolean) ?'],
    noticedBy: [restarts, 'after a change an event that is repeated later'],
  },
  {
    invariant: 'A bus that refuses events is counted',
    file: 'lib/workflows/send-notices.ts',
    replace: ['ports.metrics.count(METRIC.eventNotDelivered);', ''],
    noticedBy: ['test/lifecycle/alarms.test.ts', 'a bus that refuses one event is no alarm'],
  },
  {
    invariant: 'A service that is registered and named in keys.yaml is asked for once',
    file: 'lib/domain/wording/consumers.ts',
    replace: ['all.filter(({ name }) => !stale.some((one) => one.name === name))', 'all'],
    noticedBy: [
      'test/notices/stale-consumers.test.ts',
      'a service that is registered, and that keys.yaml names',
    ],
  },
  {
    invariant: 'A leak is a label, and deleting memory loses none',
    file: 'lib/domain/memory.ts',
    replace: [
      "{ leaked }: Pick<Memory, 'leaked'>,\n): readonly LeakMark[] => [\n  ...labels,",
      '{ leaked, checkedOn }: Memory,\n): readonly LeakMark[] => [\n  ...(checkedOn ? labels : []),',
    ],
    noticedBy: [leak, 'a reported leak is one although all memory is deleted'],
  },
  {
    invariant: 'A key whose version is not seen right after it was put is tested all the same',
    file: 'lib/workflows/rotate.ts',
    replace: [
      'values.get(token) ?? (await store.read(secret.arn, { versionId: token }))',
      'values.get(token) ?? (await store.read(secret.arn, { versionId: token, mayBeEmpty: true }))',
    ],
    noticedBy: [rotation, 'a key whose version is not seen right after it was put'],
  },
  {
    invariant: 'A key that leaked while it was tested does not become live',
    file: 'lib/workflows/rotate.ts',
    replace: ['if (leakedOn({ leaks: leaksIn(latest.stages) }, key.fingerprint))', 'if (false as boolean)'],
    noticedBy: [limbo, 'right before a new key goes live nothing moves where it is reported as leaked'],
  },
  {
    invariant: 'A submission that was withdrawn while it was tested does not become live',
    file: 'lib/workflows/rotate.ts',
    replace: [
      'if (!submitted || readStored(submitted.value).key?.fingerprint !== key.fingerprint)',
      'if (false as boolean)',
    ],
    noticedBy: [limbo, 'right before a new key goes live nothing moves where it is withdrawn'],
  },
  {
    invariant: 'Going back withdraws the submission that waits',
    file: 'lib/workflows/roll-back.ts',
    replace: ['...(waiting ? withdraw(observation, waiting.id, ports.clock.now()) : []),', ''],
    noticedBy: [wayBack, 'going back withdraws a submission that waits'],
  },
  {
    invariant: 'A refused key is followed before it loses SUBMITTED',
    file: 'lib/domain/rotation/refuse.ts',
    replace: [
      "...(follow ? [{ do: 'follow', versionId, until } as const] : []),\n    { do: 'clear-submitted', versionId },",
      "{ do: 'clear-submitted', versionId },\n    ...(follow ? [{ do: 'follow', versionId, until } as const] : []),",
    ],
    noticedBy: ['test/domain/refuse.test.ts', 'a key that may still work is followed before'],
  },
  {
    invariant: 'A leak yields to no other label',
    file: 'lib/domain/rotation/label-budget.ts',
    replace: [
      '({ id, followed }) => followed.map(',
      '({ id, followed, leaks }) => [...followed, ...leaks.map(({ on, label }) => ({ label, until: on }))].map(',
    ],
    noticedBy: ['test/domain/label-budget.test.ts', 'within 20 labels nor does a leak'],
  },
  {
    invariant: 'An old key that lost its label gets it again',
    file: 'lib/domain/rotation/predecessor.ts',
    replace: ['moves: withinBudget(o.versions, moves) };', 'moves: [] };'],
    noticedBy: [limbo, 'an old key whose deadline is taken off by hand'],
  },
  {
    invariant: 'A live key that is not accepted for long is told of',
    file: 'lib/domain/findings/kinds/unaccepted.ts',
    replace: ["live.whereabouts !== 'unknown'", 'live.whereabouts !== undefined'],
    noticedBy: [limbo, 'a live key of which nobody can tell where it lives'],
  },
  {
    invariant: 'Nothing that another secret says silences an alarm',
    file: 'lib/domain/rotation/retirement.ts',
    replace: [
      'isZombie ? [aZombie(key, doubt)] : []',
      'isZombie && !version.liveIn ? [aZombie(key, doubt)] : []',
    ],
    noticedBy: [
      strangers,
      'an old key that nobody switches off is told of, whatever another secret says a secret under the prefix',
    ],
  },
  {
    invariant: 'A name that several secrets have reaches none of them',
    file: 'lib/cli/find-key.ts',
    replace: ['if (first && others.length > 0) throw severalSecrets(wanted, [first, ...others]);', ''],
    noticedBy: [
      'test/cli/twins.test.ts',
      'a secret left over from before another one was adopted under its name is not reached by `rollback',
    ],
  },
  {
    invariant: 'A document is kept to the byte',
    file: 'lib/contract/secret-value.ts',
    replace: [
      'fitting(stored.slice(0, place.from) + text + stored.slice(place.to), key)',
      'fitting(JSON.stringify({ ...JSON.parse(stored), [KEY_FIELD]: key }), key)',
    ],
    noticedBy: ['test/contract/secret-value.test.ts', 'a key is filled in: a stopped field'],
  },
  {
    invariant: 'A bad state that begins is counted once, whether or not people hear of it',
    file: 'lib/domain/findings/plan.ts',
    replace: ['...Object.fromEntries(begun.map(({ id }) => [id, BEGUN])),', ''],
    noticedBy: ['test/lifecycle/alarms.test.ts', 'what is not reported while it is snoozed begins once'],
  },
  {
    invariant: 'The audit has its history from the evidence log, too',
    file: 'lib/workflows/read-evidence.ts',
    replace: ['...historyFromReports(reported.get(key.environment)!, key.secretArn),', ''],
    noticedBy: ['test/lifecycle/evidence.test.ts', 'what CloudTrail and the secret have forgotten'],
  },
  {
    invariant: 'A grace is shortened only on purpose',
    file: 'lib/workflows/extend-grace.ts',
    replace: ["if (before && until < before && !('shorten' in wanted && wanted.shorten))", 'if (false)'],
    noticedBy: ['test/cli/extend.test.ts', 'the function, whatever command line asks refuses a sooner end'],
  },
  {
    invariant: 'A deadline that somebody moved meanwhile is not overwritten',
    file: 'lib/workflows/extend-grace.ts',
    replace: ["  refuseIfChanged(seen, 'expected' in wanted ? wanted.expected : undefined);\n", ''],
    noticedBy: ['test/cli/extend.test.ts', 'the function, whatever command line asks refuses a deadline'],
  },
  {
    invariant: 'A dry run changes nothing',
    file: 'lib/workflows/run-command.ts',
    replace: [
      'const { outcome } = await prepare(secretId, command.of, readOnly(ports));',
      'const outcome = await done(prepare(secretId, command.of, ports));',
    ],
    noticedBy: ['test/cli/dry-run.test.ts', 'without Admin access'],
  },
  {
    invariant: 'A reminder waits for the digest, and not for ever',
    file: 'lib/domain/findings/digest.ts',
    replace: ['return elapsed(since, now) < DIGEST_WITHIN ? since : undefined;', 'return since;'],
    noticedBy: [digest, 'without a report each check sends its reminder'],
  },
  {
    invariant: 'Who hears only what is critical counts for nothing else',
    file: 'lib/domain/notices/audience.ts',
    replace: ['(critical && alerts.critical.includes(address))', 'alerts.critical.includes(address)'],
    noticedBy: ['test/domain/fleet-audience.test.ts', 'a mailbox for critical notices'],
  },
  {
    invariant: 'A refused key is read again once per TTL, however many requests fail',
    file: 'consumer/index.ts',
    replace: [' && isOver(readForRefusalAt, ttl)', ''],
    noticedBy: [helper, 'a key that is refused and unchanged makes one read'],
  },
  {
    invariant: 'A secret is read once, however many wait',
    file: 'consumer/index.ts',
    replace: ['reading ??= readOnce()', 'reading = readOnce()'],
    noticedBy: [helper, 'how often it reads once for all who wait'],
  },
  {
    invariant: 'Whoever waited for a read that came too early waits for the next one',
    file: 'consumer/index.ts',
    replace: ['while (reading) await reading;', 'if (reading) await reading;'],
    noticedBy: [helper, 'a key that is refused is read again by one of many'],
  },
  {
    invariant: 'A body that is gone is not sent twice',
    file: 'consumer/index.ts',
    replace: [' || !isReplayable(input, init)', ''],
    noticedBy: [helper, 'a key that is refused is not sent twice in a body'],
  },
  {
    invariant: 'No attempt has two keys',
    file: 'consumer/index.ts',
    replace: ['for (const name of ours) headers', 'for (const name of ours.slice(0, 1)) headers'],
    noticedBy: [helper, 'which credentials a request has one key in all places'],
  },
  {
    invariant: 'A key that is known serves on while Secrets Manager fails',
    file: 'consumer/index.ts',
    replace: ['fail(`cannot be read:', 'held = undefined;\n      fail(`cannot be read:'],
    noticedBy: [helper, 'while Secrets Manager fails the key that is known'],
  },
  {
    invariant: 'No error quotes what was read',
    file: 'consumer/index.ts',
    replace: [" || error.name === 'SyntaxError'", ''],
    noticedBy: [helper, 'a key is never shown by the error of a middle'],
  },
  {
    invariant: 'An application reads the live key alone',
    file: 'lib/constructs/key-access.ts',
    replace: [
      "this.allow(grantee, ['GetSecretValue'], CURRENT_ONLY)",
      "this.allow(grantee, ['GetSecretValue'])",
    ],
    noticedBy: [grants, 'an application in the same stack as a Fargate task gets the live key'],
  },
  {
    invariant: "CDK's own grant of a managed secret keeps to the rules of the key",
    file: 'lib/constructs/guarded-secret.ts',
    replace: ['    grantRead: {\n', '    grantReadOfTheKey: {\n'],
    noticedBy: [grants, 'an application in the same stack with the grantRead of the secret'],
  },
  {
    invariant:
      'Whoever would still hold an old key when its grace ends is named among those who must be restarted',
    file: 'lib/domain/wording/consumers.ts',
    replace: ['until === undefined || by <= until', 'until === undefined || by > new Date(0)'],
    noticedBy: [consumers, 'the mail that a new key is live counts whoever'],
  },
  {
    invariant: 'A damaged list of consumers is a fault, and no mail names a part of it',
    file: 'lib/contract/policy-tags.ts',
    replace: ['found.length > 0 && found.every((each) => each !== undefined)', 'found.length > 0'],
    noticedBy: ['test/contract/policy-tags.test.ts', 'another kind is a fault'],
  },
  {
    invariant: 'A key that Anthropic disabled is told as a leak',
    file: 'lib/domain/console/who.ts',
    replace: ["who.actor.kind === 'anthropic' && who.change === 'disabled'", '(false as boolean)'],
    noticedBy: [who, 'a key that Anthropic disabled is told as a leak'],
  },
  {
    invariant: 'No later change hides that Anthropic disabled a key',
    file: 'lib/domain/console/who.ts',
    replace: ["anthropics?.change === 'disabled' ? anthropics : switches[0]", 'switches[0]'],
    noticedBy: [who, 'it is one although somebody enables it again'],
  },
  {
    invariant: 'Nobody is named for what happened to another key',
    file: 'lib/domain/console/who.ts',
    replace: ['(activity) => activity.recordId === recordId', '() => true'],
    noticedBy: [
      'test/domain/who.test.ts',
      'who switched a key off or on is nobody who switched another key off',
    ],
  },
  {
    invariant: 'Nobody is said to be gone whose members could not be listed',
    file: 'lib/domain/inventory/inventory.ts',
    replace: [" || members.kind === 'unread'", ''],
    noticedBy: [inventory, 'whatever the organization and the secrets are every key appears once'],
  },
  {
    invariant: 'A key counts as never used only if it is no older than what was looked at',
    file: 'lib/domain/console/last-use.ts',
    replace: ['everSince: createdAt >= uses.from', 'everSince: true'],
    noticedBy: [inventory, 'what is said of a key without use in 90 days, and older'],
  },
  {
    invariant: 'An inventory of which a part could not be read is no all clear',
    file: 'lib/cli/inventory/prepare.ts',
    replace: ["why !== 'no-admin-access'", "why === 'denied'"],
    noticedBy: [
      'test/cli/inventory/inventory.test.ts',
      'the command `inventory` what fails hides no other organization',
    ],
  },
  {
    invariant: 'No key is called unmanaged while secrets that may hold it could not be read',
    file: 'lib/domain/inventory/inventory.ts',
    replace: ['allRead: notRead.length === 0', 'allRead: true'],
    noticedBy: [
      inventory,
      'what is said of a key is perhaps unmanaged, and of nobody that is known, while secrets elsewhere could not be read',
    ],
  },
  {
    invariant: 'An inventory of which an account could not be read is no all clear',
    file: 'lib/cli/inventory/prepare.ts',
    replace: ['const complete = missing.length === 0 && ', 'const complete = '],
    noticedBy: [
      'test/cli/inventory/everywhere.test.ts',
      'with a place that cannot be read says so first, exits with 4, and calls no key unmanaged or without an owner',
    ],
  },
  {
    invariant: 'The page of a proxy never passes for an organization without anything',
    file: 'lib/adapters/anthropic-calls.ts',
    replace: [
      'if (Array.isArray(data) && saysIfMore) return page;',
      'if (saysIfMore !== undefined) return page;',
    ],
    noticedBy: [listings, 'of the members a listing that is of another form'],
  },
  {
    invariant: 'The refusal of a proxy never passes for one of Anthropic',
    file: 'lib/adapters/anthropic-calls.ts',
    replace: ["error.type ? failureOf(answer) : 'unavailable'", 'failureOf(answer)'],
    noticedBy: [
      listings,
      'of the members nothing is known, as it is unavailable, if the answer is firewall 403',
    ],
  },
  {
    invariant: 'A listing that does not end never passes for a whole one',
    file: 'lib/adapters/anthropic-calls.ts',
    replace: [
      'if (!hasMore(page)) return;',
      'if (!hasMore(page) || page.getPaginatedItems().length === 0) return;',
    ],
    noticedBy: [listings, 'of the members a listing that says that there is more and not where'],
  },
  {
    invariant: 'Keys of another account than the fleet file names are never shown as those of an environment',
    file: 'lib/cli/everywhere.ts',
    replace: ['=> account !== place.account;', '=> account === undefined;'],
    noticedBy: [everywhere, 'a part that cannot be read another account than the file names'],
  },
  {
    invariant: 'An account that could not be read never looks like all clear',
    file: 'lib/cli/verbs/status.ts',
    replace: [': EXIT.fine) : EXIT.incomplete', ': EXIT.fine) : EXIT.fine'],
    noticedBy: [everywhere, 'a part that cannot be read is said first'],
  },
  {
    invariant: 'A page on which an account is missing calls nothing fine for that',
    file: 'lib/cli/html/summary.ts',
    replace: ['if (isIncomplete && now + soon === 0)', 'if (isIncomplete && all < 0)'],
    noticedBy: [everywhere, 'the page for auditors says of a part that could not be read'],
  },
  {
    invariant: 'Of GitHub only workflows of an exact subject may assume the role of readers',
    file: 'lib/constructs/people-policies.ts',
    replace: [': subjects };', ": ['*'] };"],
    noticedBy: ['test/iam/reader-role.test.ts', 'whoever the file names may assume it'],
  },
  {
    invariant: 'No issue of an environment that a listing is not about is closed',
    file: 'lib/domain/tickets/listing.ts',
    replace: ['if (place.wanted && !place.wanted.has(mark)) return false;', ''],
    noticedBy: [
      ticketPlan,
      'what a listing does not say closes nothing of an environment that it was not to look for',
    ],
  },
  {
    invariant: 'A place that shows nothing closes no issue while another could not be read',
    file: 'lib/domain/tickets/listing.ts',
    replace: ['return complete || place.seen.has(mark);', 'return true;'],
    noticedBy: [ticketPlan, 'what a listing does not say an empty place closes its issues only'],
  },
  {
    invariant: 'A listing that is older than the last one changes no issue',
    file: 'lib/domain/tickets/plan.ts',
    replace: ['last && last > now ?', 'last && last < now ?'],
    noticedBy: [ticketPlan, 'an older listing than the last one changes nothing'],
  },
  {
    invariant: 'A listing of some keys does not pass for one of all',
    file: 'lib/contract/listing-document.ts',
    replace: ["if (document.has('filter'))", "if (document.has('filters'))"],
    noticedBy: ['test/tickets/listing.test.ts', 'what `status --json` prints'],
  },
  {
    invariant: 'A page of issues that cannot be read does not pass for an empty one',
    file: 'lib/adapters/github-issues.ts',
    replace: ['return Array.isArray(page) ? page : undefined;', 'return Array.isArray(page) ? page : [];'],
    noticedBy: [githubIssues, 'a page that is no list'],
  },
  {
    invariant: 'The token for GitHub goes nowhere else',
    file: 'lib/adapters/github-issues.ts',
    replace: [' && new URL(next).origin === new URL(apiUrl).origin', ''],
    noticedBy: [githubIssues, 'a next page elsewhere'],
  },
  {
    invariant: 'What may have been made is not made again',
    file: 'lib/adapters/github-issues.ts',
    replace: ["if (method === 'POST' || tries === MOST_TRIES)", 'if (tries === MOST_TRIES)'],
    noticedBy: [githubIssues, 'what is tried again not what makes something'],
  },
  {
    invariant: 'A subject with a wildcard is refused as that',
    file: 'lib/domain/keyless/workload.ts',
    replace: ['if (/[*?]/.test(text))', 'if (text === "*")'],
    noticedBy: [federation, 'a role is refused with words for a wildcard at its end'],
  },
  {
    invariant: 'Nothing but the ARN of one role is taken for a subject',
    file: 'lib/domain/keyless/workload.ts',
    replace: [
      'if (/^arn:[^:]*:sts::',
      'if (text.endsWith("/")) return { read: { arn: text, account, name: text } };\n  if (/^arn:[^:]*:sts::',
    ],
    noticedBy: [federation, 'whatever is given as a role'],
  },
  {
    invariant: 'A rule that lets in more than the role is never fine',
    file: 'lib/domain/keyless/compare.ts',
    replace: ["(pattern.endsWith('*') && subject.startsWith(pattern.slice(0, -1)))", 'pattern === subject'],
    noticedBy: [federation, 'what the organization has is not all that is needed: a rule for every role'],
  },
  {
    invariant: 'The last key of a secret that needs none is followed',
    file: 'lib/domain/rotation/reconcile.ts',
    replace: ['if (needsNoKey(current)) return accept(o, current, now);', ''],
    noticedBy: [keyless, 'the last key of a secret that says KEYLESS'],
  },
  {
    invariant: 'No machine switches off a key that no other one replaces',
    file: 'lib/domain/rotation/deactivation.ts',
    replace: ["(order === 'retire' && needsNoKey(live))", 'needsNoKey(live)'],
    noticedBy: [keyless, 'no machine switches it off'],
  },
  {
    invariant: 'What a fake or an emulator answered fills no row of the documents',
    file: 'local/prove/documents.ts',
    replace: ['  requireReal(proof);\n', ''],
    noticedBy: ['test/docs/proof-lines.test.ts', 'only Anthropic and AWS themselves settle something'],
  },
  {
    invariant: 'No file of a proof holds a key, an address or an id',
    file: 'local/prove/proof.ts',
    replace: ['if (!PRIVATE.test(JSON.stringify(outcome))) return outcome;', 'if (outcome) return outcome;'],
    noticedBy: [sitting, 'what may stand in no file gets into none'],
  },
  {
    invariant: 'What a proxy answered settles nothing about Anthropic',
    file: 'local/prove/exchanges.ts',
    replace: ['    exchange.errorType !== undefined &&\n', ''],
    noticedBy: [
      sitting,
      'what is not as it should be leaves its own questions open, and no other an answer that is not of Anthropic',
    ],
  },
];
