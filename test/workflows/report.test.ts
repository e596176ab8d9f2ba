import { RotateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { memoryFromTags } from '../../lib/contract/memory-tags';
import { ENVIRONMENT_TAG, policyToTags } from '../../lib/contract/policy-tags';
import { begunOf, METRIC } from '../../lib/domain/metrics';
import { DEFAULT_POLICY } from '../../lib/domain/policy';
import type { Reported } from '../../lib/workflows/report';
import { clientConfig, FAULT } from '../../local/aws';
import { type StagedEnvironment, staged } from '../../local/staged-environment';
import { Sandbox } from '../../local/world';

const ALL = 'security@example.com';
const OWNER = 'team@example.com';
const SERVICES = ['api', 'batch', 'chat'];
const name = (service: string) => `anthropic/prod/${service}`;

describe('the fleet report', () => {
  let sandbox: Sandbox;
  let workspace: string;
  const deploy = (environment: StagedEnvironment) => sandbox.deploy(staged(environment, sandbox));

  /** Saturday at noon: three keys are deployed, live and checked. */
  beforeEach(async () => {
    sandbox = await Sandbox.open({ start: new Date('2026-11-21T12:00:00Z') });
    workspace = sandbox.anthropic.createWorkspace();
    await deploy({
      name: 'prod',
      home: { organizationId: sandbox.anthropic.organization.id, workspaceId: workspace },
      adminAccess: true,
      subscriptions: [{ address: ALL }, { address: OWNER, filter: { owner: [OWNER] } }],
      secrets: SERVICES.map((service) => ({
        name: name(service),
        tags: policyToTags({ environment: 'prod', service, owner: OWNER }, DEFAULT_POLICY),
      })),
    });
    sandbox.aws.sns.confirm(ALL);
    sandbox.aws.sns.confirm(OWNER);
    for (const service of SERVICES) await promote(service, sandbox.anthropic.createKey({ workspace }).value);
  });
  afterEach(() => sandbox.close());

  async function promote(service: string, key: string): Promise<void> {
    await sandbox.aws.secretsManager.perform('PutSecretValue', {
      SecretId: name(service),
      ClientRequestToken: key.slice(-40, -8).replace(/[-_]/g, '0'),
      SecretString: JSON.stringify({ ANTHROPIC_API_KEY: key }),
      VersionStages: ['SUBMITTED'],
    });
    const operator = new SecretsManagerClient(clientConfig(sandbox.aws, 'operator'));
    await operator.send(new RotateSecretCommand({ SecretId: name(service) }));
    await sandbox.settle();
    await sandbox.check('prod', name(service));
  }

  const at = (time: string) => sandbox.clock.set(new Date(time));
  const report = async (request: object = {}) =>
    (await sandbox.invoke('prod', 'report', request)) as Reported;
  const mails = (address: string, kind: string) =>
    sandbox.aws.sns.inbox(address).filter(({ attributes }) => attributes.kind?.StringValue === kind);
  const checkAll = async (...services: string[]) => {
    for (const service of services) await sandbox.check('prod', name(service));
  };
  const topicArn = () => sandbox.environment('prod').deployment.subscriptions[0]!.topicArn;
  const total = (metric: string) => sandbox.environment('prod').telemetry.total(metric);

  it('is mailed on Mondays, to subscribers of everything', async () => {
    for (const [day, mailed] of [
      ['22', false],
      ['23', true],
      ['24', false],
    ] as const) {
      at(`2026-11-${day}T05:00:00Z`);
      await checkAll(...SERVICES);
      at(`2026-11-${day}T05:30:00Z`);
      expect(await report()).toMatchObject({ mailed, keys: 3, unwatched: 0 });
    }
    expect(mails(ALL, 'report').map(({ subject }) => subject)).toEqual([
      '[prod] Key report: all 3 keys fine',
    ]);
    expect(mails(OWNER, 'report')).toEqual([]);
    expect(total(METRIC.reportCompleted)).toBe(3);
  });

  it('is mailed on demand, or only shown', async () => {
    const shown = await report({ preview: true });
    expect(shown).toMatchObject({ mailed: false });
    expect(total(METRIC.reportCompleted)).toBe(0);
    expect(await report({ force: true })).toEqual({ ...shown, mailed: true });
    expect(mails(ALL, 'report')[0]?.body).toBe(shown.text);
  });

  it('costs one listing of secrets, one of subscriptions and one request to the admin function', async () => {
    sandbox.aws.calls.clear();
    await report();
    expect(sandbox.aws.calls.by('anthropic-keys-prod-report').map(({ operation }) => operation)).toEqual([
      'ListSecrets',
      'ListSubscriptionsByTopic',
      'Invoke',
    ]);
  });

  it('tells the owner of an unwatched key once per reminder, and once when it is checked again', async () => {
    at('2026-11-22T05:00:00Z');
    await checkAll('api', 'batch');
    at('2026-11-22T05:30:00Z');
    expect(await report()).toMatchObject({ unwatched: 1 });
    await report();
    expect(mails(OWNER, 'unwatched').map(({ subject }) => subject)).toEqual([
      expect.stringMatching(/^\[prod\/chat\] Not checked since 2026-11-21/),
    ]);
    expect(total(METRIC.keyUnwatched)).toBe(2);
    expect(total(begunOf(METRIC.keyUnwatched))).toBe(1);
    at('2026-11-22T06:00:00Z');
    await checkAll('chat');
    await report();
    await report();
    expect(mails(OWNER, 'resolved')).toHaveLength(1);
    const { notices } = memoryFromTags(sandbox.aws.secretsManager.inspect(name('chat'))!.tags);
    expect(notices.unwatched).toBeUndefined();
  });

  it('does not count as mailed while only owners are subscribed, who get notices of their own keys', async () => {
    sandbox.aws.sns.unsubscribe(ALL);
    expect(await report({ force: true })).toMatchObject({ mailed: false });
    expect(total(METRIC.nobodyListens)).toBe(1);
  });

  it('loses no notice while nobody is subscribed', async () => {
    sandbox.aws.sns.unsubscribe(ALL);
    sandbox.aws.sns.unsubscribe(OWNER);
    at('2026-11-23T05:30:00Z');
    await sandbox.check('prod', name('api'));
    await sandbox.check('prod', name('batch'));
    expect(await report()).toMatchObject({ mailed: false, unwatched: 1 });
    expect(total(METRIC.nobodyListens)).toBeGreaterThan(0);
    const topic = topicArn();
    sandbox.aws.sns.subscribeEmail(topic, OWNER);
    sandbox.aws.sns.confirm(OWNER);
    await report();
    expect(mails(OWNER, 'unwatched')).toHaveLength(1);
  });

  it('leaves it to the alarm when the checks themselves are down', async () => {
    const more = ['d', 'e', 'f'];
    await deploy({
      name: 'prod',
      subscriptions: [],
      secrets: more.map((service) => ({
        name: name(service),
        tags: policyToTags({ environment: 'prod', service, owner: OWNER }, DEFAULT_POLICY),
      })),
    });
    for (const day of [23, 24]) {
      at(`2026-11-${day}T05:30:00Z`);
      expect(await report()).toMatchObject({ unwatched: 6 });
    }
    expect(mails(OWNER, 'unwatched')).toEqual([]);
    expect(total(METRIC.keyUnwatched)).toBe(12);
    // Three were deployed since the report before; the others began earlier.
    expect(total(begunOf(METRIC.keyUnwatched))).toBe(3);
  });

  it('fails when the mail is refused, so that it is tried again', async () => {
    const recover = sandbox.aws.faults.on(
      { operation: 'Publish', times: Number.POSITIVE_INFINITY },
      FAULT.unavailable,
    );
    await expect(report({ force: true })).rejects.toThrow();
    recover();
    expect(await report({ force: true })).toMatchObject({ mailed: true });
  });

  it('names lost and unconfirmed subscriptions', async () => {
    sandbox.aws.sns.unsubscribe(OWNER);
    sandbox.aws.sns.subscribeEmail(topicArn(), 'late@example.com');
    const { text } = await report({ preview: true });
    expect(text).toContain(`Lost: email ${OWNER}.`);
    expect(text).toContain('Not confirmed: email late@example.com.');
    expect(text).not.toContain(`Lost: email ${ALL}.`);
  });

  it('names active keys of the workspace that it can match to no secret, and counts those of other workspaces', async () => {
    sandbox.anthropic.createKey({ workspace, name: 'forgotten' });
    const off = sandbox.anthropic.createKey({ workspace, name: 'switched-off' });
    sandbox.anthropic.disable(off.id);
    sandbox.anthropic.createKey({ workspace: sandbox.anthropic.createWorkspace(), name: 'of-others' });
    const { text } = await report({ preview: true });
    const [, listed = ''] =
      /Keys of the workspace at Anthropic, worst first([\s\S]*)Changed at Anthropic/.exec(text)!;
    expect(listed).toContain('4 active keys: 1 unmanaged, 4 legacy, 3 managed. The organization has 1 more');
    expect(listed).toContain('"forgotten"');
    expect(listed).toContain('No secret remembers the unmanaged ones');
    expect(text).not.toContain('of-others');
    expect(listed).not.toMatch(/switched-off|key-1/);
  });

  it('says whose creator is gone and what was never used, and that changes of status are not known without the feed', async () => {
    sandbox.anthropic.createKey({ workspace, name: 'left-behind', createdBy: 'user_01Gone' });
    at('2026-12-05T12:00:00Z');
    const { text } = await report({ preview: true });
    expect(text).toMatch(/"left-behind" \S+ creator gone, no owner, never used,\s+unmanaged, legacy;/);
    expect(text).toMatch(/by\s+user_01Gone \(gone\),\s+last use:\s+never/);
    expect(text).not.toMatch(/"left-behind": created/);
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      'Not known is which keys were disabled, enabled or archived',
    );
  });

  it('knows an old key in its grace, and admits that one may be among them where its hint is forgotten', async () => {
    await promote('api', sandbox.anthropic.createKey({ workspace }).value);
    expect((await report({ preview: true })).text).not.toContain('adopt, explain or disable');
    await sandbox.aws.secretsManager.perform('UntagResource', {
      SecretId: 'anthropic/prod/api',
      TagKeys: ['anthropic-key-state:rotation'],
    });
    const { text } = await report({ preview: true });
    expect(text).toContain('Up to 1 of them may be in a secret after all');
  });

  it('says that it is not known when the admin function does not answer', async () => {
    sandbox.anthropic.createKey({ workspace, name: 'forgotten' });
    sandbox.aws.faults.on({ operation: 'Invoke', times: Number.POSITIVE_INFINITY }, FAULT.unavailable);
    const { text } = await report({ preview: true });
    expect(text).not.toContain('forgotten');
    expect(text).toContain('Not known: the function with Admin access did not list them.');
  });

  it('counts a tagged secret with broken policy tags as unwatched, and names it', async () => {
    await sandbox.aws.secretsManager.perform('CreateSecret', {
      Name: 'anthropic/prod/broken',
      SecretString: '{}',
      ClientRequestToken: '0'.repeat(36),
      Tags: [{ Key: ENVIRONMENT_TAG, Value: 'prod' }],
    });
    const { text, unwatched } = await report();
    expect(unwatched).toBe(1);
    expect(text).toContain('anthropic/prod/broken: anthropic-key:service is missing');
  });
});
