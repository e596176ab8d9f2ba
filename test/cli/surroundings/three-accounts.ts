import type { RequestListener } from 'node:http';
import { memoryToTags } from '../../../lib/contract/memory-tags';
import { policyToTags } from '../../../lib/contract/policy-tags';
import { DEFAULT_POLICY } from '../../../lib/domain/policy';
import { type FakeAws, openFakeAws } from '../../../local/aws';
import type { VirtualClock } from '../../../local/clock';
import { aKeyRef, aRememberedVerdict } from '../../builders';
import { aMemory } from '../../fleet-listing';
import { MFA_CODE, textOf } from './front';

/** Accounts by the long-term access keys of their people. */
const PEOPLE: Readonly<Record<string, string>> = {
  AKIADEV: '111111111111',
  AKIASTAGING: '222222222222',
  AKIAPROD: '333333333333',
};

/**
 * Several accounts and regions of AWS behind one address. As in AWS, the credentials decide which account answers, and the region that a request is signed for decides
 * where. In a region that is not enabled AWS knows nobody.
 */
export class ThreeAccounts {
  readonly #clouds = new Map<string, FakeAws>();

  constructor(private readonly clock: VirtualClock) {}

  /** One account in one region, which is enabled by being named. */
  cloud(accountId: string, region = 'eu-central-1'): FakeAws {
    const name = `${accountId}/${region}`;
    const cloud = this.#clouds.get(name) ?? openFakeAws({ clock: this.clock, accountId, region });
    this.#clouds.set(name, cloud);
    return cloud;
  }

  /** Who assumes roles is of this account. */
  get home(): FakeAws {
    return this.cloud('111111111111');
  }

  readonly listener: RequestListener = async (request, response) => {
    const body = await textOf(request);
    const [, caller = '', region = ''] =
      /Credential=([^/]+)\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
    const answer = await this.#answer(
      { url: request.url ?? '/', headers: request.headers, body },
      caller,
      region,
    );
    if (answer === 'hang-up') response.socket?.destroy();
    else response.writeHead(answer.status, answer.headers).end(answer.body);
  };

  async #answer(request: Asked, caller: string, region: string) {
    const form = new URLSearchParams(request.body);
    if (form.get('Action') === 'AssumeRole') return this.home.exchange!(withoutMfa(request, form));
    const account = PEOPLE[caller] ?? this.home.sts.accountOf(caller);
    const cloud = this.#clouds.get(`${account}/${region}`);
    return cloud ? cloud.exchange!(request) : NOBODY;
  }
}

interface Asked {
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** The embedded STS knows no MFA device. Whoever shows a wrong code is nobody. */
function withoutMfa(request: Asked, form: URLSearchParams): Asked {
  if (form.get('SerialNumber') === null) return request;
  if (form.get('TokenCode') !== MFA_CODE) form.set('RoleArn', 'none');
  form.delete('SerialNumber');
  form.delete('TokenCode');
  return { ...request, body: form.toString() };
}

const NOBODY = {
  status: 403,
  headers: { 'content-type': 'text/xml' },
  body: '<ErrorResponse><Error><Type>Sender</Type><Code>InvalidClientTokenId</Code><Message>The security token included in the request is invalid.</Message></Error></ErrorResponse>',
};

/** Managed keys of an environment, healthy unless `dead`. `keyOf`: what tells the live key of a service from others. */
export async function deployKeys(
  { secretsManager }: FakeAws,
  environment: string,
  services: readonly string[],
  { dead = false, keyOf = (service: string) => `${environment}/${service}` } = {},
): Promise<void> {
  for (const service of services) {
    const key = { environment, service, owner: `${environment}-team@example.com` };
    const verdict = aRememberedVerdict({
      fingerprint: aKeyRef(keyOf(service)).fingerprint,
      ...(dead && { kind: 'DEAD' as const }),
    });
    const tags = { ...policyToTags(key, DEFAULT_POLICY), ...memoryToTags(aMemory({ verdict })) };
    await secretsManager.perform('CreateSecret', {
      Name: `anthropic/${environment}/${service}`,
      SecretString: '{}',
      ClientRequestToken: `a-token-for-the-test-${environment}-${service}`.padEnd(40, '0'),
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    });
  }
}
