import type { AdminRecord } from '../console/record';
import { doubtInWords, type Usage } from '../console/usage';
import { isGood } from '../fault';
import { type ConsumerLook, notFresh } from '../freshness';
import { withinWorkingHours } from '../policy';
import { fingerprintOf, needsNoKey, type Observation } from '../secret';
import { elapsed, HOUR } from '../time';

export type Order = 'retire' | 'contain';

/** What the function with Admin access found out by itself in this run, never what its caller claims. */
export interface DeactivationFacts {
  readonly observation: Observation;
  /** Fingerprint of the key to switch off. */
  readonly target: string;
  /** A person's order: `retire` for a superseded key, `contain` for a leaked one. Absent where a machine asks. */
  readonly order?: Order;
  /** The one record at Anthropic that matches the target, and its workspace. */
  readonly record?: AdminRecord & { readonly workspaceId?: string };
  readonly liveRecordId?: string;
  readonly usage?: Usage;
  /** The Admin API belongs to the organization that answered the target's probe. */
  readonly sameOrganization: boolean;
  /** Other managed secrets in which the target is the live key; undefined where they could not all be read. */
  readonly liveElsewhere?: readonly string[];
  /** Whether registered consumers of this secret may still hold an old key; undefined where they were not asked. */
  readonly consumers?: readonly ConsumerLook[];
  /** Keys switched off in the last hour, in all environments of the account and region. */
  readonly lastHour: number;
  readonly now: Date;
}

/** The most keys that are switched off in an hour, leaks aside. */
export const MOST_PER_HOUR = 3;

/** One reason not to switch a key off, in words for people. */
export interface Guard {
  readonly name: string;
  readonly why: string | ((facts: DeactivationFacts) => string);
  readonly holdsBack: (facts: DeactivationFacts) => boolean;
  /** The orders that override it. */
  readonly unless?: readonly Order[];
}

/** All must let the key through, in the same run. A missing answer holds it back. */
const GUARDS: readonly Guard[] = [
  {
    name: 'target-known',
    why: 'the secret holds no such key, neither live nor superseded',
    holdsBack: ({ observation, target, order }) =>
      !isLive(observation, target) &&
      !isRetiring(observation, target) &&
      !(order === 'contain' && observation.versions.some((v) => fingerprintOf(v) === target)),
  },
  {
    name: 'not-the-live-key',
    why: 'it is the live key of this secret',
    holdsBack: ({ observation, target }) => isLive(observation, target),
    unless: ['contain'],
  },
  {
    name: 'record-matched',
    why: 'not exactly one record at Anthropic fits the key',
    holdsBack: ({ record }) => record === undefined,
  },
  {
    name: 'not-the-live-record',
    why: 'its record at Anthropic may be the live key’s',
    holdsBack: ({ observation, target, record, liveRecordId }) =>
      !isLive(observation, target) && record !== undefined && record.id === liveRecordId,
  },
  {
    name: 'same-organization',
    why: 'Admin access belongs to another organization than the key, or that could not be established',
    holdsBack: ({ sameOrganization }) => !sameOrganization,
  },
  {
    name: 'environment-workspace',
    why: 'its record is not in the workspace of this environment',
    holdsBack: ({ observation, record }) =>
      observation.expectedHome.workspaceId !== undefined &&
      record?.workspaceId !== observation.expectedHome.workspaceId,
  },
  {
    name: 'live-nowhere',
    why: 'another managed secret uses it as its live key, or not all could be read',
    holdsBack: ({ liveElsewhere }) => liveElsewhere === undefined || liveElsewhere.length > 0,
    unless: ['contain'],
  },
  {
    name: 'new-key-alive',
    why: 'the key that replaces it is not proven alive now',
    holdsBack: ({ observation: { live }, order }) =>
      live === undefined || !(isGood(live) || (order === 'retire' && needsNoKey(live))),
    unless: ['contain'],
  },
  {
    name: 'grace-over',
    why: 'its grace is not over',
    holdsBack: ({ observation, target, now }) =>
      !observation.retiring.some(({ ref, until }) => ref.fingerprint === target && until <= now),
    unless: ['contain'],
  },
  {
    name: 'idle',
    why: ({ usage }) =>
      usage?.kind === 'in-use'
        ? 'it is still used'
        : `whether it is still used is not known: ${doubtInWords(usage?.kind === 'unknown' ? usage : { reason: 'no-record' })}`,
    holdsBack: ({ usage }) => usage?.kind !== 'idle',
    unless: ['retire', 'contain'],
  },
  {
    name: 'consumers-fresh',
    why: 'a registered consumer still runs what was started before the key changed, or whether it does is not known',
    holdsBack: ({ consumers }) => consumers === undefined || notFresh(consumers).length > 0,
    unless: ['retire', 'contain'],
  },
  {
    name: 'policy-automatic',
    why: 'the policy of this key asks a person first',
    holdsBack: ({ observation }) => observation.policy.deactivate !== 'automatic',
    unless: ['retire', 'contain'],
  },
  {
    name: 'hourly-limit',
    why: `${MOST_PER_HOUR} keys were switched off within the last hour already`,
    holdsBack: ({ lastHour }) => lastHour >= MOST_PER_HOUR,
    unless: ['contain'],
  },
  {
    name: 'one-an-hour',
    why: 'another old key of this secret was switched off within the last hour',
    holdsBack: ({ observation: { memory }, target, now }) => {
      const { fingerprint, deactivatedAt } = memory.timeline;
      return deactivatedAt !== undefined && fingerprint !== target && elapsed(deactivatedAt, now) < HOUR;
    },
    unless: ['retire', 'contain'],
  },
  {
    name: 'working-hours',
    why: 'it is outside the working hours of the policy',
    holdsBack: ({ observation, now }) => !withinWorkingHours(observation.policy.workingHours, now),
    unless: ['contain'],
  },
];

const isLive = (o: Observation, fingerprint: string) => fingerprintOf(o.live) === fingerprint;

const isRetiring = (o: Observation, fingerprint: string) =>
  o.retiring.some(({ ref }) => ref.fingerprint === fingerprint);

/** The first guard that holds the key back; undefined where all let it through. */
export function heldBackBy(facts: DeactivationFacts): { name: string; why: string } | undefined {
  const held = GUARDS.find(
    (guard) => !(facts.order && guard.unless?.includes(facts.order)) && guard.holdsBack(facts),
  );
  return held && { name: held.name, why: typeof held.why === 'string' ? held.why : held.why(facts) };
}
