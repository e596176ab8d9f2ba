import type { SecretDescription } from '../contract/read-secret';
import type { Inspection } from '../domain/console/record';
import { faultOf } from '../domain/fault';
import { alarmTells } from '../domain/findings/kinds/refused';
import { leakedOn } from '../domain/memory';
import { whereabouts } from '../domain/probe/verdict';
import { isRefused, refusedFor } from '../domain/probe/vote';
import {
  answers,
  fingerprintOf,
  homeOf,
  isMisplaced,
  type KeyVersion,
  type Observation,
  sameKey,
  withRoles,
} from '../domain/secret';
import { elapsed, MINUTE, utcDay } from '../domain/time';
import { askConsumers } from './ask-consumers';
import { type Keys, read, type Values } from './fetch-secret';
import { controlsFor, type KeyQuestion } from './find-control';
import { judgeKeys, PATIENCE_WITH_NEW_KEYS } from './judge-keys';
import { inOutage, withHolders } from './key-holders';
import type { Ports } from './ports';

/** A secret and what its keys answered. */
export interface Observed {
  readonly secret: SecretDescription;
  readonly observation: Observation;
}

/** Reads a secret, but for the values that the run knows, and asks Anthropic about every relevant key in it. */
export async function observe(secretId: string, ports: Ports, known?: Values): Promise<Observed> {
  const { secret, observation, keys } = await read(secretId, ports, { known });
  const answered = await probeKeys(observation, keys, ports);
  const inspections = await inspect(secret.arn, answered, ports);
  const consumers = await askConsumers(answered, ports);
  const outage = await inOutage(answered, ports);
  return {
    secret,
    observation: await withHolders({ ...answered, inspections, consumers, outage }, ports),
  };
}

/**
 * Probes every relevant key: the live one, the superseded ones, and the accepted one if the live one is bad. Without `confirm` no death is
 * proven, which saves a minute.
 */
export async function probeKeys(
  o: Observation,
  keys: Keys,
  ports: Ports,
  confirm = true,
): Promise<Observation> {
  const { live, accepted } = o;
  const settled = sameKey(live, accepted);
  const questions: Question[] = [
    ...(live ? [{ version: live, probe: settled ? o.policy.healthProbe : 'messages' } as const] : []),
    ...o.retiring.map(({ version }) => ({ version, probe: 'count-tokens' as const })),
    ...o.followed.map(({ version, until }) => ({
      version,
      probe: 'count-tokens' as const,
      confirm: until <= ports.clock.now(),
    })),
    ...o.loose.map((version) => ({ version, probe: 'count-tokens' as const, confirm: !settled })),
  ];
  const first = await ask(o, [...questions, ...leakedBesides(o, questions)], keys, ports, confirm);
  const bad = first.versions.find(
    (v) => v.current && (faultOf(v, first) || leakedOn(first, fingerprintOf(v))),
  );
  return bad && accepted && (!settled || isMisplaced(bad))
    ? ask(first, [{ version: accepted, probe: 'messages' }], keys, ports, confirm)
    : first;
}

/** Other leaked keys, e.g. the accepted one behind a deliberate stop: people are told of them as long as they answer. */
function leakedBesides(o: Observation, questions: readonly Question[]): readonly Question[] {
  const asked = new Set(questions.map(({ version }) => fingerprintOf(version)));
  return o.versions.flatMap((version) => {
    const fingerprint = fingerprintOf(version);
    if (asked.has(fingerprint) || !leakedOn(o, fingerprint)) return [];
    asked.add(fingerprint);
    return [{ version, probe: 'count-tokens', confirm: false }];
  });
}

type Question = Omit<KeyQuestion, 'key'> & { readonly version: KeyVersion };

async function ask(
  o: Observation,
  questions: readonly Question[],
  keys: Keys,
  ports: Ports,
  confirm: boolean,
): Promise<Observation> {
  const answerable = questions.flatMap((q) => {
    const key = keys.get(q.version.id);
    return key ? [{ ...q, key, confirm: confirm && q.confirm !== false }] : [];
  });
  const home = homeOf(o);
  const circumstances = {
    model: o.policy.probeModel,
    home,
    controls: controlsFor(o, keys, ports),
    patience: patienceWith(o, ports.clock.now()),
  };
  const { verdicts, refusedElsewhere } = await judgeKeys(answerable, circumstances, ports);
  const given = new Map(answerable.map(({ version }, index) => [version.id, verdicts[index]!]));
  const versions = o.versions.map((version) => {
    const verdict = given.get(version.id);
    return verdict ? { ...version, verdict, whereabouts: whereabouts(home, verdict.evidence) } : version;
  });
  const liveIsRefused = versions.some((v) => v.current && refusedFor(v.verdict));
  return withRoles({ ...o, versions, refusedKeys: liveIsRefused ? 1 + refusedElsewhere : o.refusedKeys });
}

/** A key that somebody wrote a moment ago may not be known everywhere yet. */
function patienceWith({ live, accepted }: Observation, now: Date): number {
  const age = live && !sameKey(live, accepted) ? elapsed(live.createdAt, now) : Number.POSITIVE_INFINITY;
  return Math.max(MINUTE, Math.ceil((PATIENCE_WITH_NEW_KEYS - age) / MINUTE) * MINUTE);
}

/**
 * Asks the admin function for Anthropic's records: for a new live key at once and then daily, while the live key is refused, and whenever a decision
 * about a superseded key depends on them. A missing answer is never a reason to act.
 */
async function inspect(secretArn: string, o: Observation, ports: Ports): Promise<readonly Inspection[]> {
  if (!ports.admin || !isNeeded(o, ports.clock.now())) return [];
  try {
    const answer = await ports.admin.ask({ verb: 'inspect', secretId: secretArn });
    if (answer.outcome === 'inspected') return answer.inspections;
    ports.log.warn('Inspection refused', { secret: o.key.secretName, answer: answer.outcome });
  } catch (error) {
    ports.log.warn('No inspection', { secret: o.key.secretName, error: String(error) });
  }
  return [];
}

function isNeeded(o: Observation, now: Date): boolean {
  const live = fingerprintOf(o.live);
  const record = o.memory.record;
  const known = record?.fingerprint === live && record?.inspectedOn === utcDay(now);
  const urgent = o.retiring.some(({ version, until }) => until <= now || version.verdict?.kind === 'DEAD');
  const isNew = o.memory.verdict?.fingerprint !== live;
  const mayBeOff = leakedOn(o, live) !== undefined && o.live !== undefined && !answers(o.live);
  const verdict = o.live?.verdict;
  const refusedSince = isNew ? now : (o.memory.verdict?.refusedSince ?? now);
  const isOut = verdict !== undefined && isRefused(verdict) && !alarmTells(o, refusedSince, now);
  return (
    urgent ||
    mayBeOff ||
    isOut ||
    (live !== undefined && !known && (isNew || o.memory.checkedOn !== utcDay(now)))
  );
}
