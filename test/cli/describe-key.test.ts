import { describeKey } from '../../lib/cli/describe-key';
import { managedKey } from '../../lib/cli/managed-key';
import { clean, layOut, styleFor } from '../../lib/cli/style';
import { retireLabel } from '../../lib/contract/labels';
import { memoryToTags } from '../../lib/contract/memory-tags';
import { policyToTags } from '../../lib/contract/policy-tags';
import type { Consumer } from '../../lib/domain/consumer';
import { versionMark } from '../../lib/domain/key';
import type { Memory } from '../../lib/domain/memory';
import { DEFAULT_POLICY } from '../../lib/domain/policy';
import { aRememberedVerdict, NOW } from '../builders';
import { aMemory } from '../fleet-listing';

const OLD = '0'.repeat(32);
const NEW = '1'.repeat(32);
const old = { fingerprint: 'aaaaaaaaaaaa', hint: 'sk-ant-api03-old…AAAA' };

/** What `show` says where this version is current, and the last check found the new one so, with a key in it or without. */
function shown(current: string, sawKey = true, rest: Partial<Memory> = {}): string {
  const consumers: readonly Consumer[] = [
    { kind: 'ecs', name: 'prod/api', refresh: 'restart' },
    { kind: 'lambda', name: 'reports', refresh: 60 },
  ];
  const before = current === OLD ? NEW : OLD;
  const identity = { environment: 'prod', service: 'api', owner: 'team@example.com', consumers };
  const memory = aMemory({
    verdict: sawKey
      ? aRememberedVerdict({ fingerprint: 'bbbbbbbbbbbb', hint: 'sk-ant-api03-new…BBBB' })
      : undefined,
    retiringKeys: [{ version: versionMark(OLD), ...old }],
    ...rest,
  });
  const key = managedKey({
    arn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:anthropic/prod/api-AbCdEf',
    name: 'anthropic/prod/api',
    createdAt: NOW,
    tags: { ...policyToTags(identity, DEFAULT_POLICY), ...memoryToTags(memory) },
    stages: {
      [current]: ['AWSCURRENT'],
      [before]: ['AWSPREVIOUS', ...(rest.doubted ? [retireLabel(before, NOW)] : [])],
    },
    rotationEnabled: true,
  });
  const style = styleFor({ columns: 100, colour: false });
  return layOut(clean(describeKey(key, [], NOW, style)), 100).replace(/\s+/g, ' ');
}

test('what the last check found is told of the key that it saw', () => {
  expect(shown(NEW)).toMatch(/Live key sk-ant-api03-new…BBBB, fingerprint b{12} Answers ALIVE since .* Age /);
});

test('who reads it is told, one a line', () => {
  expect(shown(NEW)).toContain(
    'Read by ECS service prod/api (reads it at its start) Read by Lambda function reports (within 1 hour)',
  );
});

test('until a check has seen the key that somebody went back to, nothing is told of the other one as if it were live', () => {
  const unseen = shown(OLD);
  expect(unseen).toContain(
    `Live key ${old.hint}, fingerprint ${old.fingerprint}; it went live after the last check, which saw sk-ant-api03-new…BBBB`,
  );
  expect(unseen).not.toMatch(/Answers|Age|Due/);
});

test('nor where the last check saw no key at all', () => {
  const unseen = shown(OLD, false);
  expect(unseen).toContain(`fingerprint ${old.fingerprint}; it went live after the last check Checked`);
  expect(unseen).not.toContain('undefined');
});

test('why a machine does not switch an old key off is told beside that key', () => {
  const doubt = { reason: 'refused', statuses: [400, 403] } as const;
  const because = 'not switched off, because its use is not known: Anthropic refuses both usage reports';
  const told = (fingerprint: string) => shown(NEW, true, { doubted: { fingerprint, doubt } });
  expect(told(old.fingerprint)).toMatch(
    new RegExp(`Old key .*grace ends [^;]*; ${because} .*\\(status 400 and 403\\)`),
  );
  expect(told('c'.repeat(12))).not.toContain('switched off, because');
});
