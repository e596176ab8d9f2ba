import { memoryToTags } from '../lib/contract/memory-tags';
import { policyToTags } from '../lib/contract/policy-tags';
import { DAY, plus, utcDay } from '../lib/domain/time';
import { staged } from '../local/staged-environment';
import { Sandbox } from '../local/world';
import { aKey, aPolicy, aRememberedVerdict } from './builders';
import { aMemory } from './fleet-listing';
import { keyOf } from './keys';

/** Environments of one organization that share it out, each in an account of its own: any of them can be asked about all of it. */
const ENVIRONMENTS = [
  { name: 'dev', account: '111122223333' },
  { name: 'staging', account: '222222222222' },
  { name: 'prod', account: '333333333333' },
] as const;

export interface LargeOrganization {
  readonly sandbox: Sandbox;
  /** Text of a fleet file that declares its environments. */
  readonly fleetFile: string;
  /** Requests to Anthropic by path, since this was last asked. */
  requests(): Readonly<Record<string, number>>;
}

/**
 * An organization with so many keys, of which the first are live in so many managed secrets of three accounts. Every second key was used in the
 * last month, and every managed one today. Half of the secrets remember their record, the others only a short form.
 */
export async function largeOrganization(
  keys: number,
  managed: number,
  start: Date,
): Promise<LargeOrganization> {
  const sandbox = await Sandbox.open({ start });
  const { anthropic, clock } = sandbox;
  const now = clock.now();
  const home = {
    organizationId: anthropic.organization.id,
    workspaceId: anthropic.createWorkspace('shared'),
  };
  const made = Array.from({ length: keys }, (_, n) => {
    const key = anthropic.createKey({ workspace: home.workspaceId, name: `service-${n}` });
    if (n < managed || n % 2 === 0)
      anthropic.recordUsage(key.id, { at: plus(now, -(n < managed ? 0.1 : n % 30) * DAY), requests: 5 });
    return key;
  });
  for (const [index, { name, account }] of ENVIRONMENTS.entries()) {
    const mine = made.slice(0, managed).filter((_, n) => n % ENVIRONMENTS.length === index);
    await sandbox.deploy({
      ...staged(
        {
          name,
          home,
          adminAccess: true,
          subscriptions: [{ address: 'platform@example.com' }],
          secrets: mine.map(({ value, id }, n) => {
            const { hint, fingerprint } = keyOf(value);
            const key = aKey({ environment: name, service: `service-${n}` });
            const record = { fingerprint, id, createdAt: now, personal: false, inspectedOn: utcDay(now) };
            const memory = aMemory({
              checkedOn: utcDay(now),
              home,
              verdict: aRememberedVerdict({ hint, fingerprint, keyCreatedAt: now, since: now }),
              ...(n % 2 === 0 && { record }),
            });
            return {
              name: key.secretName,
              tags: { ...policyToTags(key, aPolicy()), ...memoryToTags(memory) },
            };
          }),
        },
        sandbox,
      ),
      account,
    });
  }
  // The keys are to be as old as what is asked about them.
  clock.set(plus(now, 40 * DAY));
  for (const key of made.slice(0, managed))
    anthropic.recordUsage(key.id, { at: plus(clock.now(), -DAY), requests: 5 });
  let seen = 0;
  return {
    sandbox,
    fleetFile: fleetFileOf(sandbox.aws.region),
    requests() {
      const paths = anthropic.requests.slice(seen).map(({ path }) => path.split('?')[0]!);
      seen = anthropic.requests.length;
      return Object.fromEntries(
        [...new Set(paths)].map((path) => [path, paths.filter((one) => one === path).length]),
      );
    },
  };
}

const fleetFileOf = (region: string) =>
  `environments:\n${ENVIRONMENTS.map(
    ({ name, account }) => `  ${name}:
    account: '${account}'
    region: ${region}
    readAs: { role: "arn:aws:iam::${account}:role/anthropic-keys-${name}-responders" }
    alerts: [platform@example.com]
    keys: { any: { owner: platform@example.com } }`,
  ).join('\n')}\n`;
