import { createLog } from '../../lib/adapters/log';
import { createMetrics } from '../../lib/adapters/metrics';
import { VirtualClock } from '../../local/clock';
import { keyOf, keyText } from '../keys';

const clock = new VirtualClock(new Date('2026-11-21T00:00:00Z'));
const ALWAYS_CARRIED = {
  level: 'INFO',
  service: 'check',
  environment: 'prod',
  timestamp: '2026-11-21T00:00:00.000Z',
};

/** Lines that a function writes to stdout and stderr. */
function printed(code: () => void): string[] {
  const lines: string[] = [];
  const writes = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation((chunk) => {
      lines.push(String(chunk).trimEnd());
      return true;
    }),
  );
  try {
    code();
  } finally {
    for (const write of writes) write.mockRestore();
  }
  return lines;
}

const log = () => createLog({ service: 'check', environment: 'prod', clock });

test('a line is one JSON object, dated by the clock', () => {
  const [line] = printed(() => log().info('Notice sent', { notice: 'n-1' }));
  expect(JSON.parse(line!)).toEqual({ ...ALWAYS_CARRIED, message: 'Notice sent', notice: 'n-1' });
});

test('levels are told apart', () => {
  const lines = printed(() => {
    log().info('a');
    log().warn('b');
    log().error('c');
  });
  expect(lines.map((line) => JSON.parse(line).level)).toEqual(['INFO', 'WARN', 'ERROR']);
});

test('no key gets out, at any depth and in any type', () => {
  const key = keyText('logged');
  const cause = new Error(`inner ${key}`);
  const lines = printed(() => {
    log().info(`message ${key}`);
    log().warn('fields', { plain: key, deep: [{ er: { text: `before ${key} after` } }] });
    log().error('error', { error: new Error(`outer ${key}`, { cause }) });
    log().info('judged', { key: keyOf(key), map: { a: [keyOf(key)] } });
  });
  expect(lines).toHaveLength(4);
  expect(lines.join('\n')).not.toContain(key);
  expect(lines[3]).toContain(keyOf(key).hint);
});

test('metrics leave as one record with the environment as their only dimension', () => {
  const [line, ...more] = printed(() => {
    const metrics = createMetrics({ namespace: 'AnthropicKeyRotation', environment: 'prod' });
    metrics.count('KeysChecked');
    metrics.count('KeysChecked', 2);
    metrics.count('OldestKeyAgeDays', 17);
    metrics.flush();
  });
  const record = JSON.parse(line!);
  expect(more).toEqual([]);
  expect(record).toMatchObject({ environment: 'prod', KeysChecked: [1, 2], OldestKeyAgeDays: 17 });
  expect(record._aws.CloudWatchMetrics).toEqual([
    {
      Namespace: 'AnthropicKeyRotation',
      Dimensions: [['environment']],
      Metrics: [
        { Name: 'KeysChecked', Unit: 'Count' },
        { Name: 'OldestKeyAgeDays', Unit: 'Count' },
      ],
    },
  ]);
});

test('a second flush keeps the dimension, and one without figures prints nothing', () => {
  const lines = printed(() => {
    const metrics = createMetrics({ namespace: 'AnthropicKeyRotation', environment: 'prod' });
    metrics.flush();
    metrics.count('KeysChecked');
    metrics.flush();
    metrics.count('KeysChecked');
    metrics.flush();
  });
  const dimensions = lines.map((line) => JSON.parse(line)._aws.CloudWatchMetrics[0].Dimensions);
  expect(dimensions).toEqual([[['environment']], [['environment']]]);
});
