import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createSecretStore } from '../../lib/adapters/secrets-manager';
import { ENVIRONMENT_TAG, policyToTags } from '../../lib/contract/policy-tags';
import { readListing } from '../../lib/contract/read-secret';
import { fleetOf } from '../../lib/domain/fleet/fleet';
import { DEFAULT_POLICY } from '../../lib/domain/policy';
import { HOUR, plus } from '../../lib/domain/time';
import { surveyFleet } from '../../lib/workflows/fetch-secret';
import { clientConfig, type FakeAws, openFakeAws } from '../../local/aws';
import { VirtualClock } from '../../local/clock';
import { NOW } from '../builders';
import { aListing } from '../fleet-listing';

describe('reading one entry of a listing', () => {
  const read = (...of: Parameters<typeof aListing>) => readListing([aListing(...of)]).listed[0]!;

  it('takes policy and memory from tags, and the rest from labels', () => {
    expect(read()).toMatchObject({
      key: { environment: 'prod', service: 'api-gateway', secretName: 'anthropic/prod/api-gateway' },
      policy: { maxAgeDays: 90 },
      memory: { verdict: { kind: 'ALIVE' } },
      accepted: true,
      submitted: false,
      retiring: [],
    });
  });

  it('takes the latest of several deadlines on one version', () => {
    const [first, second] = [plus(NOW, HOUR), plus(NOW, 2 * HOUR)];
    expect(read({ retiringUntil: [second, first] }).retiring).toMatchObject([{ until: second }]);
  });

  it('ignores SUBMITTED on a version that is already live', () => {
    expect(read({ labels: ['AWSCURRENT', 'SUBMITTED'] })).toMatchObject({ submitted: false });
    expect(read({ labels: ['SUBMITTED'] })).toMatchObject({ submitted: true });
  });

  it('lists a secret with bad policy tags with its faults, and reads the others', () => {
    const good = aListing();
    const bad = { ...good, tags: { ...good.tags, 'anthropic-key:max-age-days': 'ninety' } };
    const { listed, unreadable } = readListing([bad, good]);
    expect(listed).toHaveLength(1);
    expect(unreadable).toEqual([
      {
        environment: 'prod',
        service: 'api-gateway',
        secretName: 'anthropic/prod/api-gateway',
        secretArn: good.arn,
        owner: 'platform@example.com',
        faults: ['anthropic-key:max-age-days is "ninety", expected days'],
      },
    ]);
  });
});

describe('a listing', () => {
  const named = (secretName: string, service = 'api-gateway') => aListing({ key: { secretName, service } });
  const rotate = 'arn:aws:lambda:eu-central-1:111122223333:function:anthropic-keys-prod-rotate';

  it.each([
    ['has the name prefix of its environment', {}, 'listed'],
    ['has another name', { name: 'legacy/claude' }, 'claimed'],
    ['is rotated by the function of its environment', { name: 'x', rotationFunction: rotate }, 'listed'],
    [
      'is rotated by the function of another environment',
      { name: 'x', rotationFunction: rotate.replace('prod', 'dev') },
      'claimed',
    ],
    [
      'is rotated by a function of that name in another account',
      { name: 'x', rotationFunction: rotate.replace('111122223333', '999999999999') },
      'claimed',
    ],
    ['has another name, and few tags', { name: 'x', tags: { [ENVIRONMENT_TAG]: 'prod' } }, undefined],
  ] as const)('counts a tagged secret by what tags cannot forge: one that %s', (_, secret, where) => {
    const listing = readListing([{ ...aListing(), ...secret }]);
    const places = (['listed', 'unreadable', 'claimed'] as const).filter(
      (place) => listing[place].length > 0,
    );
    expect(places).toEqual(where ? [where] : []);
  });

  it('shows the other rows where one cannot be made', () => {
    const { listed } = readListing([named('anthropic/prod/a', 'a'), named('anthropic/prod/b', 'b')]);
    const broken = { ...listed[0]!, retiring: null as never };
    const { rows, unreadable } = fleetOf([broken, listed[1]!], [], NOW);
    expect(rows.map(({ key }) => key.service)).toEqual(['b']);
    expect(unreadable).toEqual([expect.objectContaining({ secretName: 'anthropic/prod/a', service: 'a' })]);
  });

  it('names twins, also where one of them cannot be read', () => {
    const { listed, unreadable } = readListing([
      named('anthropic/prod/a'),
      { ...named('anthropic/prod/b'), tags: { ...aListing().tags, 'anthropic-key:grace-hours': 'x' } },
    ]);
    const twins = [{ name: 'prod/api-gateway', secrets: ['anthropic/prod/a', 'anthropic/prod/b'] }];
    expect(fleetOf(listed, unreadable, NOW).twins).toEqual(twins);
  });
});

describe('a survey of a large fleet', () => {
  const KEYS = 1000;
  const clock = new VirtualClock(NOW);
  let aws: FakeAws;

  beforeAll(async () => {
    aws = openFakeAws({ clock });
    const create = (name: string, tags: Record<string, string>, n: number) =>
      aws.secretsManager.perform('CreateSecret', {
        Name: name,
        SecretString: '{}',
        ClientRequestToken: String(n).padStart(36, '0'),
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      });
    for (let n = 0; n < KEYS; n++) {
      const key = { environment: n % 4 === 0 ? 'prod' : 'dev', service: `s${n}`, owner: 'team@example.com' };
      await create(`anthropic/${key.environment}/${key.service}`, policyToTags(key, DEFAULT_POLICY), n);
    }
    await create('somebody/elses', { application: 'other' }, KEYS);
    await create('anthropic/prod/broken', { [ENVIRONMENT_TAG]: 'prod' }, KEYS + 1);
  });
  afterAll(() => aws.close());

  it('makes one call per hundred secrets and none per key', async () => {
    aws.calls.clear();
    const store = createSecretStore(new SecretsManagerClient(clientConfig(aws, 'survey')), clock);
    const fleet = await surveyFleet({ store, clock });
    expect(fleet.rows).toHaveLength(KEYS);
    expect(fleet.unreadable.map(({ secretName }) => secretName)).toEqual(['anthropic/prod/broken']);
    const calls = aws.calls.by('survey');
    expect(calls).toHaveLength(Math.ceil((KEYS + 1) / 100));
    expect(new Set(calls.map(({ operation }) => operation))).toEqual(new Set(['ListSecrets']));
    console.info(`${KEYS + 1} managed secrets surveyed by ${calls.length} AWS calls.`);
  });

  it('shows one environment, including its broken secret', async () => {
    const store = createSecretStore(new SecretsManagerClient(clientConfig(aws, 'survey')), clock);
    const fleet = await surveyFleet({ store, clock }, { environment: 'prod' });
    expect(fleet.rows).toHaveLength(KEYS / 4);
    expect(fleet.unreadable).toHaveLength(1);
  });
});
