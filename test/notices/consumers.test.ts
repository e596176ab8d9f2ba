import { renderChat } from '../../lib/domain/notices/chat';
import { renderNotice } from '../../lib/domain/notices/render';
import { consumerInWords } from '../../lib/domain/wording/consumers';
import { aFinding, aKey, aKeyRef, aNoticeContext, daysAhead } from '../builders';
import { paste } from '../docs/shell-blocks';
import { CONSUMERS } from './consumers';
import { stepsIn } from './read-mail';

const notice = (finding: Parameters<typeof renderNotice>[1], consumers = CONSUMERS) =>
  renderNotice(aNoticeContext({ key: aKey({ consumers }) }), finding);

const stepOf = (text: string, about: RegExp) => stepsIn(text).find(({ says }) => about.test(says));

const spoken = (text: string) => text.replace(/\s+/g, ' ');

const AT_START = /restart what reads the key only at its start/;

const ECS = `       AWS_PAGER= aws ecs update-service --region eu-central-1 --cluster prod \\
         --service gateway --force-new-deployment --query service.serviceName \\
         --output text`;
const KUBECTL = '       kubectl rollout restart deployment/search --namespace web';

describe('the mail that a new key is live', () => {
  const { text } = notice(aFinding('rotated'));
  const step = stepOf(text, AT_START);

  it('names who must be restarted, by when, and nobody else', () => {
    expect(step?.says).toContain(
      'Before 2026-11-23 14:00 UTC, restart what reads the key only at its start: ECS service prod/gateway, Kubernetes workload web/deployment/search and host batch-01[.]example[.]com.',
    );
    expect(step?.says).not.toMatch(/summaries|reports|chat/);
  });

  it('has a command for those whose name says exactly what to restart, and says who may', () => {
    expect(step?.blocks).toEqual([ECS, KUBECTL]);
    expect(step?.says).toContain('signed in to AWS account 111122223333 with ecs:UpdateService');
    expect(step?.says).toContain('with kubectl for its cluster, once that has the live key');
  });

  it('says by when the others have the key, and which one a machine restarts', () => {
    expect(spoken(text)).toContain(
      'Without a restart, the key reaches Lambda function summaries by 2026-11-21 14:05 UTC and Kubernetes workload reports by 2026-11-21 15:00 UTC.',
    );
    expect(spoken(text)).toContain('Restarted automatically, by RestartOnRotation: ECS service prod/chat.');
  });

  it('counts whoever would have it only after the grace among those who must be restarted', () => {
    const soon = aFinding('rotated', {
      retiring: [{ key: aKeyRef('old'), until: daysAhead(1 / 48), leaked: false }],
    });
    const { text } = notice(soon);
    expect(stepOf(text, AT_START)?.says).toContain('Kubernetes workload reports');
    expect(stepOf(text, AT_START)?.says).not.toContain('summaries');
  });

  it('has what starts with the oldest key restarted before that one ends', () => {
    const key = aKeyRef('old');
    const several = aFinding('rotated', {
      retiring: [
        { key: aKeyRef('older'), until: daysAhead(1), leaked: false },
        { key, until: daysAhead(2), leaked: false },
      ],
    });
    expect(stepOf(notice(several).text, AT_START)?.says).toContain('Before 2026-11-22 14:00 UTC, restart');
  });

  it('asks for nothing where nobody has to be restarted', () => {
    const { text } = notice(aFinding('rotated'), [{ kind: 'lambda', name: 'summaries', refresh: 5 }]);
    expect(spoken(text)).toContain(
      '1. Restart nothing: each consumer that keys.yaml names gets the live key',
    );
  });

  it('reaches a channel without its commands', () => {
    const { nextSteps } = renderChat(notice(aFinding('rotated'))).content;
    expect(nextSteps[0]).toMatch(/^Before 2026-11-23 14:00 UTC, restart .*ECS service prod\/gateway/);
    expect(nextSteps.join()).not.toContain('aws ecs');
  });
});

test.each([
  [
    'rolled back by a person',
    aFinding('rolled-back', { cause: 'by-hand' }),
    /started with the other key and keeps it/,
  ],
  ['an undone edit', aFinding('rolled-back'), /read the secret in the meantime and keeps what it read/],
  ['nothing to retire', aFinding('rotated', { retiring: [] }), AT_START],
  ['still in use', aFinding('extended'), /has run since before the key was replaced/],
  ['grace is over', aFinding('grace-over'), /has run since before the key was replaced/],
  ['a zombie', aFinding('zombie'), /has run since before the key was replaced/],
])('%s: the mail names who must be restarted, with the commands', (_, finding, about) => {
  const { text } = notice(finding);
  expect(stepOf(text, new RegExp(about, 'i'))?.says).toContain('ECS service prod/gateway');
  expect(stepOf(text, new RegExp(about, 'i'))?.blocks).toEqual([ECS, KUBECTL]);
});

test('a first key is for all, and those are restarted that keep what they read', () => {
  const step = stepOf(
    notice(aFinding('rotated', { how: 'first-key', retiring: [] })).text,
    /read the ANTHROPIC_API_KEY/,
  );
  expect(step?.says).toMatch(
    /start or restart it: ECS service prod\/gateway, ECS service prod\/chat, Lambda/,
  );
  expect(step?.blocks).toEqual([ECS, KUBECTL]);
});

test('an old key that is still used: who restarts it, and who should have the new one, is said', () => {
  const says = stepOf(notice(aFinding('zombie')).text, /has run since before/)?.says;
  expect(says).toContain('RestartOnRotation should have restarted ECS service prod/chat: look at the last');
  expect(says).toContain(
    'These read the secret again by themselves: Lambda function summaries (5 minutes) and Kubernetes workload reports (1 hour).',
  );
});

test('where nobody is named, every mail is what it was', () => {
  const without = (finding: Parameters<typeof renderNotice>[1]) =>
    spoken(renderNotice(aNoticeContext(), finding).text);
  expect(without(aFinding('rotated'))).toContain(
    'Have every service read the new key before the grace period ends.',
  );
  expect(without(aFinding('rolled-back'))).toContain(
    'Restart services that read the secret in the meantime.',
  );
  for (const kind of ['rotated', 'rolled-back', 'extended', 'grace-over', 'zombie'] as const)
    expect(without(aFinding(kind))).not.toMatch(/RestartOnRotation|consumer that keys\.yaml names/);
});

test('a name from a tag puts no other command and no address into a mail', () => {
  const { text } = notice(aFinding('rotated'), [
    { kind: 'ecs', name: 'www.evil.example/login', refresh: 'restart' },
    { kind: 'ecs', name: 'a/b/c', refresh: 'restart' },
    { kind: 'ecs', name: 'prod/--no-verify-ssl', refresh: 'restart' },
    { kind: 'kubernetes', name: 'web/deployment/--all', refresh: 'restart' },
    { kind: 'kubernetes', name: 'web/job/search', refresh: 'restart' },
    { kind: 'kubernetes', name: 'web/deployment/evil.example', refresh: 'restart' },
  ]);
  expect(text).not.toMatch(/aws ecs|kubectl/);
  expect(text).not.toContain('evil.example');
});

test.each([
  [0, 'ECS service prod/gateway (reads it at its start)'],
  [1, 'ECS service prod/chat (restarted automatically)'],
  [4, 'Kubernetes workload reports (within 1 hour)'],
])('consumer %d in a list of facts is %s', (at, words) => {
  expect(consumerInWords(CONSUMERS[at]!)).toBe(words);
});

test.each([
  [
    ECS,
    'aws ecs update-service --region eu-central-1 --cluster prod --service gateway --force-new-deployment',
  ],
  [KUBECTL, 'kubectl rollout restart deployment/search --namespace web'],
])('pasted as it stands, %s is one call', (text, call) => {
  const { calls, complaints } = paste({ text }, 'bash');
  expect(complaints).toEqual([]);
  expect(calls.map((words) => words.join(' '))).toEqual([expect.stringMatching(new RegExp(`^${call}`))]);
});
