import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Around } from '../../lib/adapters/runtime';
import { createSecretStore } from '../../lib/adapters/secrets-manager';
import { LABEL } from '../../lib/contract/labels';
import { policyToTags } from '../../lib/contract/policy-tags';
import type { Consumer } from '../../lib/domain/consumer';
import { ApiKey, shortId } from '../../lib/domain/key';
import { DEFAULT_POLICY, type Policy } from '../../lib/domain/policy';
import { HOUR } from '../../lib/domain/time';
import type { Command } from '../../lib/workflows/run-command';
import { submitKey } from '../../lib/workflows/submit-key';
import { clientConfig, type Delivery } from '../../local/aws';
import type { Secret } from '../../local/aws/secrets-manager';
import { keyTextOf, Person, SecretView, unseen } from '../../local/person';
import { type StagedEnvironment, type StagedSecret, staged } from '../../local/staged-environment';
import { type Process, Sandbox } from '../../local/world';

const MAILBOX = 'platform@example.com';

export interface TestEnvironmentOptions {
  readonly adminAccess?: StagedEnvironment['adminAccess'];
  readonly start?: Date;
  /** Whether anybody has confirmed the subscription. @default true */
  readonly listens?: boolean;
  readonly around?: Around;
  readonly process?: Process;
  /** Whether other processes reach it. @default false */
  readonly overHttp?: boolean;
  /** Whether the ids of versions that people write all begin alike, as Terraform's do. @default false */
  readonly idsAlike?: boolean;
}

/** An environment that many keys are tested in, one after the other: opening a sandbox takes longer than playing in it. */
export class TestEnvironment {
  #keys = 0;

  private constructor(
    readonly sandbox: Sandbox,
    readonly workspace: string,
    readonly otherWorkspace: string,
    private readonly adminAccess: StagedEnvironment['adminAccess'],
    readonly idsAlike: boolean,
  ) {}

  static async open(options: TestEnvironmentOptions = {}): Promise<TestEnvironment> {
    const {
      adminAccess = false,
      start = new Date('2026-11-21T09:00:00Z'),
      listens = true,
      idsAlike = false,
      ...rest
    } = options;
    const sandbox = await Sandbox.open({ start, ...rest });
    const [home, other] = [sandbox.anthropic.createWorkspace(), sandbox.anthropic.createWorkspace()];
    const testEnvironment = new TestEnvironment(sandbox, home, other, adminAccess, idsAlike);
    await testEnvironment.#deploy([]);
    if (listens) sandbox.aws.sns.confirm(MAILBOX);
    return testEnvironment;
  }

  /** A managed key with its placeholder, as a deployment leaves it. */
  async key(policy: Partial<Policy> = {}, consumers?: readonly Consumer[]): Promise<TestKey> {
    const service = `api-${++this.#keys}`;
    const name = `anthropic/prod/${service}`;
    const key = { environment: 'prod', service, owner: 'team@example.com', consumers };
    await this.#deploy([{ name, tags: policyToTags(key, { ...DEFAULT_POLICY, ...policy }) }]);
    return new TestKey(this, name, service);
  }

  /** Managed keys that were rotated and whose old ones, idle since, a machine may switch off now. */
  async pastGrace(count: number): Promise<{ testKey: TestKey; old: string }[]> {
    const rows: { testKey: TestKey; old: string }[] = [];
    for (let i = 0; i < count; i++) {
      const testKey = await this.key({ deactivate: 'automatic' });
      rows.push({ testKey, old: await testKey.promoteFirstKey() });
      await testKey.submit(testKey.newKey());
    }
    this.sandbox.clock.advance(49 * HOUR);
    return rows;
  }

  close(): Promise<void> {
    return this.sandbox.close();
  }

  async #deploy(secrets: StagedSecret[]): Promise<void> {
    const environment = {
      name: 'prod',
      home: { organizationId: this.sandbox.anthropic.organization.id, workspaceId: this.workspace },
      adminAccess: this.adminAccess,
      subscriptions: [{ address: MAILBOX }],
      secrets,
    };
    await this.sandbox.deploy(staged(environment, this.sandbox));
  }
}

/** One managed key, and the people around it. */
export class TestKey {
  readonly sandbox: Sandbox;
  readonly workspace: string;
  readonly otherWorkspace: string;
  #edits = 0;
  readonly #made = new Set<string>();
  readonly #person: Person;
  readonly #view: SecretView;

  constructor(
    private readonly testEnvironment: TestEnvironment,
    readonly secretName: string,
    private readonly service: string,
  ) {
    this.sandbox = testEnvironment.sandbox;
    this.workspace = testEnvironment.workspace;
    this.otherWorkspace = testEnvironment.otherWorkspace;
    this.#person = new Person({
      secretId: secretName,
      ask: unseen(this.sandbox.aws),
      newToken: () => this.#token(),
      settle: () => this.sandbox.settle(),
    });
    this.#view = new SecretView(this.sandbox.aws, secretName);
  }

  /** A key in an environment of its own. */
  static async build({
    policy,
    consumers,
    ...options
  }: TestEnvironmentOptions & {
    policy?: Partial<Policy>;
    consumers?: readonly Consumer[];
  } = {}): Promise<TestKey> {
    return (await TestEnvironment.open(options)).key(policy, consumers);
  }

  /** Another key of the same environment. */
  neighbour(): Promise<TestKey> {
    return this.testEnvironment.key();
  }

  // What people do.

  newKey(workspace = this.workspace): string {
    const { value } = this.sandbox.anthropic.createKey({ workspace });
    if (workspace === this.workspace) this.#made.add(value);
    return value;
  }

  /** Puts a value under SUBMITTED, as the mails' first command does. */
  put(value: string): Promise<void> {
    return this.#person.put(value);
  }

  /** Both commands of the mail. */
  submit(value: string): Promise<void> {
    return this.#person.submit(value);
  }

  /** The second command of the mail alone. */
  rotate(): Promise<void> {
    return this.#person.rotate();
  }

  /** Edits the live value, as the AWS console does. */
  edit(value: string): Promise<void> {
    return this.#person.edit(value);
  }

  /** Moves AWSCURRENT back by its label, as the AWS console and a mail's command do. */
  async moveBack(): Promise<void> {
    const [to, from] = [this.at(LABEL.previous), this.at(LABEL.current)];
    if (to && from) await this.#person.moveCurrent(from, to);
  }

  /** Submits by the command line, and displaces what waits. */
  async replace(value: string): Promise<void> {
    const store = createSecretStore(
      new SecretsManagerClient(clientConfig(this.sandbox.aws, 'operator')),
      this.sandbox.clock,
    );
    const desk = { store, clock: this.sandbox.clock, newToken: () => this.#token() };
    await submitKey(this.secretName, new ApiKey(value), { token: this.#token(), replace: true }, desk);
    await this.sandbox.settle();
  }

  command(command: Command): Promise<unknown> {
    return this.sandbox.invoke('prod', 'check', { secretId: this.secretName, command });
  }

  /** From awaiting to a live, accepted key. */
  async promoteFirstKey(): Promise<string> {
    const key = this.newKey();
    await this.submit(key);
    return key;
  }

  /** Gives the function with Admin access an order, as the command line does. */
  admin(request: { verb: string; key: string; order?: object; by?: string }): Promise<unknown> {
    const { key, ...rest } = request;
    const { fingerprint } = new ApiKey(key);
    const { order } = this.sandbox.environment('prod');
    return order({ ...rest, secretId: this.secretName, fingerprint });
  }

  /** Stops a leak as the command line does: one function switches the key off, the other one marks it, whether or not the first one failed. */
  async contain(key: string, reason = 'pushed to a public repository'): Promise<unknown> {
    const order = { kind: 'contain', reason, by: 'ada' };
    const [off] = await Promise.allSettled([this.admin({ verb: 'deactivate', key, order })]);
    await this.command({ verb: 'report-leak', fingerprint: new ApiKey(key).fingerprint });
    if (off.status === 'rejected') throw off.reason;
    return off.value;
  }

  /** The id of the version with a label. */
  at(label: string): string | undefined {
    return this.#view.at(label);
  }

  /** Whatever the function does with one version from now on is answered so. */
  refuse(operation: string, refusal: { code: string; message: string }, versionId = '', times = Infinity) {
    return this.sandbox.aws.faults.on(
      {
        service: 'secretsmanager',
        operation,
        times,
        where: (call) => JSON.stringify(call).includes(versionId),
      },
      { kind: 'error', ...refusal },
    );
  }

  /** Fills the tags of the secret up to the 50 that AWS allows. */
  async fillTags(): Promise<void> {
    await this.forgetEverything();
    const free = 50 - Object.keys(this.secret.tags).length;
    const Tags = Array.from({ length: free }, (_, index) => ({ Key: `cost-${index}`, Value: 'x' }));
    await this.#perform('TagResource', { Tags });
  }

  // What time does.

  /** Whatever it begins is over before time goes on, also where it fails. */
  async check(): Promise<void> {
    try {
      await this.sandbox.check('prod', this.secretName);
    } finally {
      await this.sandbox.settle();
    }
  }

  /** The daily report, which sends what checks left to the digest. */
  report(): Promise<unknown> {
    return this.sandbox.invoke('prod', 'report', {});
  }

  async after(hours: number): Promise<void> {
    this.sandbox.clock.advance(hours * HOUR);
    await this.check();
  }

  /** Checks every `every` hours for so many days. */
  async days(days: number, every = 6): Promise<void> {
    for (let hour = 0; hour < days * 24; hour += every) await this.after(every);
  }

  // What can be seen.

  get secret(): Secret {
    return this.sandbox.aws.secretsManager.inspect(this.secretName)!;
  }

  get mails(): readonly Delivery[] {
    const mails = this.sandbox.aws.sns.inbox(MAILBOX);
    return mails.filter(({ attributes }) => attributes?.service?.StringValue === this.service);
  }

  /** Kinds of the notices received, oldest first. */
  get told(): readonly string[] {
    return this.mails.map(({ attributes }) => String(attributes?.kind?.StringValue));
  }

  /** Fields of the log lines with a message, oldest first. */
  logged(message: string): readonly unknown[] {
    const { lines } = this.sandbox.environment('prod').telemetry;
    return lines.filter((line) => line.message === message).map(({ fields }) => fields);
  }

  /** What each check of this key found, oldest first, such as `due.5e0cbe3d=14`. */
  get checks(): readonly (readonly string[])[] {
    const lines = this.logged('Key checked') as { readonly key: string; readonly findings: string[] }[];
    return lines.filter(({ key }) => key === `prod/${this.service}`).map(({ findings }) => findings);
  }

  /** The key of a version. */
  keyOf(id: string): string {
    return keyTextOf(this.secret.versions.find((version) => version.id === id)!);
  }

  /** The stored text under a label. */
  text(label: string): string {
    return this.#view.text(label) ?? '';
  }

  /** The key that an application reads now. */
  get live(): string {
    return this.#view.key(LABEL.current);
  }

  get accepted(): string {
    return this.#view.key(LABEL.accepted);
  }

  get pending(): boolean {
    return this.secret.versions.some(
      (v) => v.labels.includes('AWSPENDING') && !v.labels.includes('AWSCURRENT'),
    );
  }

  get submitted(): boolean {
    return this.#view.text(LABEL.submitted) !== undefined;
  }

  /** The key that waits to be tested. */
  get waiting(): string {
    return this.#view.key(LABEL.submitted);
  }

  /** Whether a text is a key of this environment's workspace. */
  isOurs(text: string): boolean {
    return this.#made.has(text);
  }

  /** Superseded keys and when their grace ends. */
  get retiring(): readonly { key: string; until: Date }[] {
    return this.#view.retiring;
  }

  /** Refused keys that are looked after. */
  get followed(): readonly string[] {
    return this.#view.followed;
  }

  /** Whether a label says that somebody reported the key as leaked. */
  isLeaked(key: string): boolean {
    const mark = `_${shortId(new ApiKey(key).fingerprint)}`;
    return this.secret.versions.some(({ labels }) =>
      labels.some((label) => label.startsWith('LEAKED_') && label.endsWith(mark)),
    );
  }

  memoryTags(): string[] {
    return Object.keys(this.secret.tags).filter((key) => key.startsWith('anthropic-key-state:'));
  }

  async forgetEverything(): Promise<void> {
    const TagKeys = this.memoryTags();
    if (TagKeys.length > 0) await this.#perform('UntagResource', { TagKeys });
  }

  close(): Promise<void> {
    return this.testEnvironment.close();
  }

  /** Leaves the environment to the next key. */
  async tearDown(): Promise<void> {
    await this.#perform('DeleteSecret', { ForceDeleteWithoutRecovery: true });
  }

  #perform(operation: string, params: object): Promise<object> {
    return this.sandbox.aws.secretsManager.perform(operation, { SecretId: this.secretName, ...params });
  }

  /** Version ids differ from their first character, as those of AWS do, or only in the last ones. */
  #token(): string {
    this.#edits += 1;
    if (this.testEnvironment.idsAlike)
      return `terraform-20261121090000000000${this.service.slice(4).padStart(6, '0')}${String(this.#edits).padStart(6, '0')}`;
    const head = ((Number(this.service.slice(4)) * 1000 + this.#edits) * 0x9e3779b1)
      .toString(16)
      .slice(-8)
      .padStart(8, '0');
    return `${head}-0000-4000-8000-${String(Number(this.service.slice(4)) * 1000 + this.#edits).padStart(12, '0')}`;
  }
}
