import { LLMock } from '@copilotkit/aimock';
import { createKeyProbe } from '../../lib/adapters/anthropic-probe';
import { TROUBLE } from '../../local/anthropic/answers';
import { type FakeAnthropic, startFakeAnthropic } from '../../local/anthropic/fake-anthropic';
import { VirtualClock } from '../../local/clock';
import { keyOf } from '../keys';

/** An independent fake of the Messages API answers the same SDK: both must lead to the same verdict. */
describe('two independent fakes', () => {
  const clock = new VirtualClock(new Date('2026-11-21T08:00:00Z'));
  const other = new LLMock({ port: 0, host: '127.0.0.1', logLevel: 'silent' });
  let ours: FakeAnthropic;
  let value: string;

  beforeAll(async () => {
    other.onMessage(/.*/, { content: 'Hello' });
    await other.start();
    ours = await startFakeAnthropic({ clock });
    value = ours.createKey().value;
  });
  afterAll(async () => {
    await other.stop();
    await ours.stop();
  });

  /** Without the ids, which the other fake doesn't send. */
  async function judge(baseURL: string) {
    const probing = createKeyProbe({ baseURL, clock });
    const verdict = await probing.probe(keyOf(value), { probe: 'messages', within: 400 });
    const { requestId, organizationId, workspaceId, at, ...evidence } = verdict.evidence;
    return { ...verdict, evidence };
  }

  test('agree on a success', async () => {
    expect(await judge(other.url)).toEqual(await judge(ours.url));
    expect(await judge(other.url)).toMatchObject({ kind: 'ALIVE' });
  });

  test.each(['permission', 'rate-limit', 'overloaded'] as const)('agree on %s', async (name) => {
    const { status, type, message } = TROUBLE[name];
    other.nextRequestError(status, { type, message });
    const solve = ours.trouble(name);
    const [first, second] = [await judge(other.url), await judge(ours.url)];
    solve();
    expect(first).toEqual(second);
    expect(first.kind).not.toBe('ALIVE');
  });

  test('differ on a refusal, since the other one gives no request id: it may be anybody', async () => {
    const { status, type, message } = TROUBLE['invalid-key'];
    other.nextRequestError(status, { type, message });
    expect(await judge(other.url)).toMatchObject({ kind: 'UNKNOWN', reason: 'unsigned-401' });
  });
});
