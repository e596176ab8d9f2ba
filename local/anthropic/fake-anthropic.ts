import type { Clock } from '../../lib/workflows/ports';
import { snapshotOf } from '../snapshot';
import { type ActivityActor, ActivityLog } from './activity';
import {
  type ErrorAnswer,
  MISBEHAVIOUR,
  type MisbehaviourName,
  type ScriptedAnswer,
  TROUBLE,
  type TroubleName,
} from './answers';
import { actorOf, changeStatus, recordCreation } from './change-key';
import { directFetch } from './direct-fetch';
import { CONSOLE_USER, Directory } from './directory';
import type {
  FakeModel,
  FakeOrganization,
  LoggedRequest,
  Manner,
  Script,
  Trouble,
} from './fake-organization';
import { type FederationRule, TokenExchange } from './federation';
import { Identities, type NewIssuer, type NewRule, type NewServiceAccount } from './identities';
import { type FakeKey, KeyRing, letters, type NewKey } from './keys';
import { serveAnthropic } from './server';
import { type Given, UsageLedger } from './usage';

export interface FakeAnthropicOptions {
  readonly clock: Clock;
  /** Same seed, same keys and ids. @default 'demo' */
  readonly seed?: string;
  readonly organization?: { readonly id: string; readonly name: string };
}

/** An Anthropic of one's own: a Console for humans (these methods) and the API. */
export interface FakeAnthropic {
  /** Base URL for the SDK: on loopback, or a name that nothing resolves where requests are handed over. */
  readonly url: string;
  /** For the SDK's option of that name: takes requests of this process without a socket. Absent where it serves HTTP. */
  readonly fetch?: typeof fetch;
  readonly organization: { readonly id: string; readonly name: string };
  /** What was asked so far, without credentials. */
  readonly requests: readonly LoggedRequest[];
  createWorkspace(name?: string): string;
  /** Its keys stop working at once, and nothing brings it back. */
  archiveWorkspace(id: string): void;
  createKey(wanted?: NewKey): { readonly value: string; readonly id: string };
  createAdminKey(): string;
  /** Every key that was ever made, for those who look for one where none may be. */
  everyKey(): readonly string[];
  /** By somebody in the Console, if not said by whom: a person or service account, by id. */
  disable(valueOrId: string, by?: string): void;
  enable(valueOrId: string, by?: string): void;
  archive(valueOrId: string, by?: string): void;
  /** As Anthropic does with a key that was leaked. */
  disabledByAnthropic(valueOrId: string): void;
  /** Returns the id of the member. Two are there from the start: one makes all keys, one owns the personal ones, if nothing else is said. */
  addMember(member: { readonly id?: string; readonly name: string; readonly email: string }): string;
  /** The member leaves, and their personal keys stop working. */
  removeMember(id: string): void;
  addServiceAccount(account: NewServiceAccount): string;
  addIssuer(issuer: NewIssuer): string;
  /** As it is listed. The token exchange hears of its rules by `allowFederation`. */
  addRule(rule: NewRule): string;
  /** Archives a service account, an issuer or a rule. */
  archiveIdentity(id: string): void;
  /**
   * The Activity Feed: not offered to an organization that has not enabled it; not retroactive where it was enabled `since` a moment, and Admin
   * keys made before that may not read it; not permitted to any credential; late by `lag` milliseconds.
   * @default offered since ever, without a lag
   */
  setActivityFeed(feed: { offered?: boolean; since?: Date; permitted?: boolean; lag?: number }): void;
  statusOf(valueOrId: string): string;
  /** Anthropic-side trouble for everybody, one workspace or one key, until the returned function solves it. */
  trouble(trouble: TroubleName | ErrorAnswer, where?: { key?: string; workspace?: string }): () => void;
  /** Answers the next matching requests otherwise, until used up or taken back by the returned function. */
  script(
    answer: MisbehaviourName | TroubleName | ScriptedAnswer,
    when?: { times?: number; path?: string; key?: string },
  ): () => void;
  /** How answers look from now on, in what nobody has established and in what a proxy does to them. */
  setManner(manner: Manner): void;
  /** How late inference learns of a changed status and of a new key, in milliseconds. */
  setPropagation(delays: { change?: number; arrival?: number }): void;
  recordUsage(valueOrId: string, use: { at: Date; requests: number; model?: string }): void;
  /**
   * `messagesLag` is that of the report on messages, in milliseconds like `lag`. An organization or a credential may be refused either report.
   */
  setUsageReport(report: {
    lag?: number;
    tellsFreshness?: boolean;
    messagesLag?: number;
    analyticsGiven?: Given;
    messagesGiven?: Given;
  }): void;
  setModels(models: readonly FakeModel[]): void;
  /** Reactivating a key fails with this limit; undefined lifts it. */
  setKeyLimit(limit: FakeOrganization['keyLimit']): void;
  /** A rule made in the Console for Workload Identity Federation. */
  allowFederation(rule: Omit<FederationRule, 'organizationId'>): void;
  /** Remembers keys, their use and what happened to them, troubles, and how answers look. Returns what puts them back. Scripts stay as they are. */
  snapshot(): () => void;
  stop(): Promise<void>;
}

const MODELS: readonly FakeModel[] = [
  { id: 'claude-opus-5-5', lifecycle: 'active' },
  { id: 'claude-sonnet-5-5', lifecycle: 'active' },
  { id: 'claude-haiku-5-5', lifecycle: 'active' },
  { id: 'claude-haiku-4-5', lifecycle: 'deprecated' },
];

/** A fake Anthropic for SDKs of this process that are given its `fetch`: no socket is opened. */
export function openFakeAnthropic(options: FakeAnthropicOptions): FakeAnthropic {
  const fake = emptyOrganization(options);
  const url = 'https://anthropic.invalid';
  return { ...consoleOf(fake, options), url, fetch: directFetch(fake), stop: async () => {} };
}

/** A fake Anthropic that serves HTTP on a free port of 127.0.0.1. */
export async function startFakeAnthropic(options: FakeAnthropicOptions): Promise<FakeAnthropic> {
  const fake = emptyOrganization(options);
  return { ...consoleOf(fake, options), ...(await serveAnthropic(fake)) };
}

function emptyOrganization(options: FakeAnthropicOptions): FakeOrganization {
  const { clock, seed = 'demo' } = options;
  const ids = new Map<string, number>();
  const nextId = (of: string) => {
    const number = (ids.get(of) ?? 0) + 1;
    ids.set(of, number);
    return plain(`${seed}/${of}/${number}`);
  };
  return {
    clock,
    organization: options.organization ?? { id: idOf(seed, 'org'), name: 'Example Ltd' },
    keys: new KeyRing(clock, seed),
    usage: new UsageLedger(clock),
    tokens: new TokenExchange(clock, seed),
    activity: new ActivityLog(clock),
    directory: new Directory(clock, workspaceId(seed, 0)),
    identities: new Identities(clock, nextId, workspaceId(seed, 0)),
    adminKeys: new Map(),
    scripts: new Set(),
    troubles: new Set(),
    log: [],
    models: [...MODELS],
    manner: {},
    nextId,
  };
}

/** What humans do in the Console, and what tests have happen. */
function consoleOf(
  fake: FakeOrganization,
  { seed = 'demo' }: FakeAnthropicOptions,
): Omit<FakeAnthropic, 'url' | 'fetch' | 'stop'> {
  const { directory, identities } = fake;
  let workspaces = 0;
  const set = (valueOrId: string, status: 'active' | 'inactive' | 'archived', by: string | ActivityActor) =>
    changeStatus(fake, fake.keys.get(valueOrId), status, typeof by === 'string' ? actorOf(fake, by) : by);

  return {
    organization: fake.organization,
    requests: fake.log,
    createWorkspace: (name) => {
      workspaces += 1;
      const id = workspaceId(seed, workspaces);
      directory.addWorkspace(id, name ?? `Workspace ${workspaces}`);
      return id;
    },
    archiveWorkspace: (id) => directory.archiveWorkspace(id),
    createKey: (wanted = {}) => {
      const key: FakeKey = fake.keys.create(wanted, wanted.workspace ?? directory.defaultWorkspace);
      recordCreation(fake, key);
      return { value: key.value, id: key.id };
    },
    createAdminKey: () => {
      const number = fake.adminKeys.size;
      const value = `sk-ant-admin01-${letters(`${seed}/admin/${number}`, 93)}AA`;
      const id = `apikey_${plain(`${seed}/admin-id/${number}`)}`;
      fake.adminKeys.set(value, { kind: 'admin-key', id, createdAt: fake.clock.now() });
      return value;
    },
    everyKey: () => [...fake.keys.all().map(({ value }) => value), ...fake.adminKeys.keys()],
    disable: (valueOrId, by = CONSOLE_USER) => set(valueOrId, 'inactive', by),
    enable: (valueOrId, by = CONSOLE_USER) => set(valueOrId, 'active', by),
    archive: (valueOrId, by = CONSOLE_USER) => set(valueOrId, 'archived', by),
    disabledByAnthropic: (valueOrId) =>
      set(valueOrId, 'inactive', { type: 'anthropic_actor', email_address: null }),
    addMember: ({ id = `user_${fake.nextId('member')}`, ...member }) => {
      directory.addMember({ id, ...member });
      return id;
    },
    removeMember: (id) => directory.removeMember(id),
    addServiceAccount: (account) => identities.addServiceAccount(account),
    addIssuer: (issuer) => identities.addIssuer(issuer),
    addRule: (rule) => identities.addRule(rule),
    archiveIdentity: (id) => identities.archive(id),
    setActivityFeed: (feed) => void Object.assign(fake.activity, feed),
    statusOf: (valueOrId) => fake.keys.status(fake.keys.get(valueOrId)),
    trouble: (named, { key, workspace } = {}) => {
      const answer = typeof named === 'string' ? TROUBLE[named] : named;
      const trouble: Trouble = { answer, workspace, keyId: key && fake.keys.get(key).id };
      fake.troubles.add(trouble);
      return () => void fake.troubles.delete(trouble);
    },
    script: (named, { times = Number.POSITIVE_INFINITY, path, key } = {}) => {
      const script: Script = {
        answer: typeof named === 'string' ? { ...TROUBLE, ...MISBEHAVIOUR }[named] : named,
        path,
        keyId: key && fake.keys.get(key).id,
        left: times,
      };
      fake.scripts.add(script);
      return () => void fake.scripts.delete(script);
    },
    setManner: (manner) => {
      fake.manner = manner;
    },
    setPropagation: ({ change, arrival }) => {
      fake.keys.propagationDelay = change ?? fake.keys.propagationDelay;
      fake.keys.arrivalDelay = arrival ?? fake.keys.arrivalDelay;
    },
    recordUsage: (valueOrId, { at, requests, model = 'claude-sonnet-5-5' }) => {
      const { id, workspace } = fake.keys.get(valueOrId);
      fake.usage.record({ keyId: id, workspace, at, requests, model });
    },
    setUsageReport: (report) => void Object.assign(fake.usage, report),
    setModels: (models) => {
      fake.models = [...models];
    },
    setKeyLimit: (limit) => {
      fake.keyLimit = limit;
    },
    snapshot: () => snapshotOf([fake.keys, fake.usage, fake.activity, { snapshot: () => troublesOf(fake) }]),
    allowFederation: (rule) => fake.tokens.allow({ ...rule, organizationId: fake.organization.id }),
  };
}

/** Remembers troubles and how answers look. Returns what puts them back. */
function troublesOf(fake: FakeOrganization): () => void {
  const { manner } = fake;
  const troubles = [...fake.troubles];
  return () => {
    fake.manner = manner;
    fake.troubles.clear();
    for (const each of troubles) fake.troubles.add(each);
  };
}

const plain = (seed: string) => letters(seed, 24).replace(/[-_]/g, '0');
const workspaceId = (seed: string, number: number) => `wrkspc_${plain(`${seed}/workspace/${number}`)}`;

/** Anthropic's organization ids are UUIDs. */
function idOf(seed: string, what: string): string {
  const hex = Buffer.from(letters(`${seed}/${what}`, 40)).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
