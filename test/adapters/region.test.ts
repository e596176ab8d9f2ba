import { openOperator } from '../../lib/adapters/operator';
import { WrongRegion } from '../../lib/workflows/operator-ports';
import { openFakeAws } from '../../local/aws';
import { DirectHandler } from '../../local/aws/direct-handler';
import { VirtualClock } from '../../local/clock';
import { NOW } from '../builders';

const clock = new VirtualClock(NOW);

/** An operator whose resolver knows only such hosts. */
function operatorIn(region: string, isKnown: (host: string) => boolean) {
  const aws = openFakeAws({ clock });
  const direct = new DirectHandler(aws.exchange!);
  const requestHandler = {
    async handle(request: Parameters<DirectHandler['handle']>[0] & { hostname: string }) {
      if (isKnown(request.hostname)) return direct.handle(request);
      throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${request.hostname}`), { code: 'ENOTFOUND' });
    },
    destroy: () => {},
  };
  const credentials = { accessKeyId: 'ada', secretAccessKey: 'none' };
  const settings = { region, requestHandler, credentials, maxAttempts: 1 };
  return openOperator({ aws: settings, anthropicUrl: 'https://api.anthropic.com', clock });
}

test.each([
  ['eu-nowhere-1', 'us-east-1'],
  ['cn-nowhere-1', 'cn-north-1'],
  ['us-gov-nowhere-1', 'us-gov-west-1'],
  ['eusc-nowhere-1', 'eusc-de-east-1'],
])('%s does not exist if AWS answers in %s, and that host is not known', async (region, first) => {
  const place = operatorIn(region, (host) => host.includes(first)).place();
  await expect(place).rejects.toThrow(WrongRegion);
  await expect(place).rejects.toThrow(`There is no region ${region} that can be reached from here`);
});

test('where no host is known, it is the machine and not the region', async () => {
  const { account, unidentified } = await operatorIn('eu-nowhere-1', () => false).place();
  expect(account).toBe('unknown');
  expect(unidentified).toContain('ENOTFOUND');
});

test('the first region itself is never taken for one that does not exist', async () => {
  const { unidentified } = await operatorIn('us-east-1', () => false).place();
  expect(unidentified).toContain('ENOTFOUND sts.us-east-1.amazonaws.com');
});
