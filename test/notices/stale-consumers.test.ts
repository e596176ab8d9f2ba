import type { Finding } from '../../lib/domain/findings/catalogue';
import type { StaleConsumer } from '../../lib/domain/freshness';
import { renderNotice } from '../../lib/domain/notices/render';
import { aFinding, aKey, aNoticeContext, daysAgo } from '../builders';
import { CONSUMERS } from './consumers';
import { STALE_CONSUMERS } from './every-kind';
import { stepsIn } from './read-mail';

/** The part of a mail before the key and the evidence. */
const asked = (finding: Finding) => {
  const { subject, text } = renderNotice(aNoticeContext({ adminAccess: true }), finding);
  return `${subject}\n\n${text.slice(0, text.indexOf('Which key')).trimEnd()}`;
};

test('an extension for consumers names each, and what to do about it', () => {
  const finding = aFinding('extended', { cause: 'consumers', consumers: STALE_CONSUMERS });
  expect(asked(finding)).toMatchInlineSnapshot(`
"[prod/api-gateway] Not all is restarted: old key is kept until 2026-11-22 14:00 UTC

What is true

  The old key sk-ant-api03-4-u…H3AA was not switched off, because a consumer
  of this key may still run with it. It now works until 2026-11-22 14:00 UTC
  (in 24 hours). This is extension 1 of at most 7.

  prod/gateway still runs 3 tasks created before the key changed, the oldest
  at 2026-11-12 14:00 UTC (9 days ago). Whether batch worker runs with the new
  key is not known: lambda:InvokeFunction: AccessDeniedException: not
  authorized to perform this action on
  anthropic-keys-prod-restart-5e0cbe3d_0123abc.

What to do

  1. Restart prod/gateway, so that it reads the new key (ECS: force a new
     deployment).
  2. Make sure that batch worker was started after the key changed, and find
     out why it gives no answer.
  3. Nothing else: once all of it runs with the new key, the old key is
     handled at the new deadline.

What happens if nothing is done

  Until then, the key gets one more day each day until the extensions are used
  up. Then a person must decide."
`);
  expect(renderNotice(aNoticeContext(), finding).text).toContain(
    'The rules of RestartOnRotation for this key',
  );
});

test('an extension for use names the consumers, too', () => {
  expect(asked(aFinding('extended', { consumers: STALE_CONSUMERS.slice(0, 1) }))).toMatchInlineSnapshot(`
"[prod/api-gateway] Old key is still in use: kept until 2026-11-22 14:00 UTC

What is true

  The old key sk-ant-api03-4-u…H3AA is still in use, so it was not switched
  off. It now works until 2026-11-22 14:00 UTC (in 24 hours). This is
  extension 1 of at most 7.

  prod/gateway still runs 3 tasks created before the key changed, the oldest
  at 2026-11-12 14:00 UTC (9 days ago).

What to do

  1. Restart prod/gateway, so that it reads the new key (ECS: force a new
     deployment).
  2. Check in the Claude Console how sk-ant-api03-4-u…H3AA is still used, and
     have that service read the secret again (restart or deploy it):
     https://platform.claude.com/usage
  3. Nothing else: once the key is unused, it is handled at the new deadline.

What happens if nothing is done

  While it is in use, the key gets one more day each day until the extensions
  are used up. Then a person must decide."
`);
});

test('the last extension for consumers says that a person must decide', () => {
  const finding = aFinding('extended', { cause: 'consumers', consumers: STALE_CONSUMERS, extension: 7 });
  expect(asked(finding)).toContain('This was the last extension');
});

test('whoever is asked to switch the old key off reads first who may still run with it', () => {
  expect(asked(aFinding('grace-over', { consumers: STALE_CONSUMERS.slice(0, 1) }))).toMatchInlineSnapshot(`
"[prod/api-gateway] Switch off the old key: its grace period ended 2026-11-21

What is true

  The old key sk-ant-api03-4-u…H3AA was superseded, and its grace period ended
  2026-11-21 13:00 UTC (1 hour ago). It still works. This deployment has no
  Admin access to Anthropic, so only a person can switch a key off.

  May still run with it: prod/gateway.

What to do

  1. Restart first: prod/gateway.
  2. Check in the Claude Console how sk-ant-api03-4-u…H3AA is still used, and
     have that service read the secret again (restart or deploy it):
     https://platform.claude.com/usage
  3. Switch off the old key. This can be undone:
     In bash or zsh, e.g. CloudShell, signed in to AWS account 111122223333
     with the policy anthropic-keys-prod-responder:
     https://eu-central-1.console.aws.amazon.com/cloudshell/home?region=eu-central-1

       (F=; akr() { A=$(printf %s "$2" |
          AWS_PAGER= AWS_MAX_ATTEMPTS=1 aws lambda invoke --region eu-central-1 \\
          --function-name "$1" --cli-read-timeout 900 \\
          --payload fileb:///dev/stdin --query FunctionError --output text \\
          /dev/stdout)
          printf '%s\\n' "$A"; case $A in *'"outcome":"refused"'*) ;;
          *None) return 0;; esac; F=FAILED; return 1; }
        akr anthropic-keys-prod-check '{"secretId":"anthropic/prod/api-gateway",
          "command":{"verb":"retire-now","fingerprint":"ee6d2e343dcf"}}' &&
        akr anthropic-keys-prod-admin:orders '{"verb":"deactivate",
          "secretId":"anthropic/prod/api-gateway",
          "fingerprint":"ee6d2e343dcf","order":{"kind":"retire",
          "reason":"retired by hand"}}' &&
        [ -z "$F" ] && echo DONE || { echo FAILED; false; })

     or disable the row that shows sk-ant-api03-4-u…H3AA in the Claude
     Console:
     https://platform.claude.com/settings/keys

  4. If it is still needed, keep the old key until 2026-11-23 14:00 UTC:

       (A=$(printf %s '{"secretId":"anthropic/prod/api-gateway",
          "command":{"verb":"extend","fingerprint":"ee6d2e343dcf",
          "until":"2026-11-23T14:00Z"}}' |
          AWS_PAGER= AWS_MAX_ATTEMPTS=1 aws lambda invoke --region eu-central-1 \\
          --function-name anthropic-keys-prod-check --cli-read-timeout 900 \\
          --payload fileb:///dev/stdin --query FunctionError --output text \\
          /dev/stdout) && printf '%s\\n' "$A"
        case $A in *None) echo DONE;; *) echo FAILED; false;; esac)

  More: docs/runbook.md in the project, section "Old key still works".

What happens if nothing is done

  A key that nobody needs stays alive, and whoever finds it can use it. From
  tomorrow this raises an alarm. Once the key is off, the next check proves it
  dead and sends a mail."
`);
});

test.each(['extended', 'grace-over', 'zombie'] as const)(
  'a name that tries to be a link or a line of its own stays a word in the mail of %s',
  (kind) => {
    const consumers = [
      { name: 'x\nhttps://evil.example.com', state: 'unknown' as const, why: 'visit\nwww.evil.example.com' },
    ];
    const { text } = renderNotice(aNoticeContext(), aFinding(kind, { consumers }));
    expect(text).not.toMatch(/^\s*https:\/\/evil/m);
    expect(text).not.toContain('https://evil');
    expect(text).not.toContain('www.evil');
  },
);

describe('a service that is registered, and that keys.yaml names, too', () => {
  const gateway: StaleConsumer = {
    name: 'prod/gateway',
    state: 'stale',
    tasks: 3,
    oldest: daysAgo(9),
  };
  const chat: StaleConsumer = { name: 'prod/chat', state: 'unknown', why: 'its function failed' };
  const named = (about: Finding) =>
    renderNotice(aNoticeContext({ adminAccess: true, key: aKey({ consumers: CONSUMERS }) }), about);
  const steps = (finding: Finding) =>
    stepsIn(named(finding).text).map(({ says, blocks }) => [
      says,
      blocks.map(
        (block) => /--service (\S+)|deployment\/(\S+)/.exec(block)?.slice(1).find(Boolean) ?? 'ours',
      ),
    ]);

  test('in the mail of an extension because it is not restarted', () => {
    const finding = aFinding('extended', { cause: 'consumers', consumers: [gateway, chat] });
    expect(steps(finding)).toMatchInlineSnapshot(`
[
  [
    "Restart prod/gateway, so that it reads the new key (ECS: force a new deployment). In bash or zsh, e.g. CloudShell, signed in to AWS account 111122223333 with ecs:UpdateService:",
    [
      "gateway",
    ],
  ],
  [
    "Make sure that prod/chat was started after the key changed, and find out why it gives no answer.",
    [],
  ],
  [
    "Nothing else: once all of it runs with the new key, the old key is handled at the new deadline.",
    [],
  ],
]
`);
  });

  test('in the mail of an extension because the old key is used', () => {
    expect(steps(aFinding('extended', { consumers: [gateway, chat] }))).toMatchInlineSnapshot(`
[
  [
    "Restart what has run since before the key was replaced: Kubernetes workload web/deployment/search and host batch-01[.]example[.]com. Kubernetes workload web/deployment/search, with kubectl for its cluster, once that has the live key: These read the secret again by themselves: Lambda function summaries (5 minutes) and Kubernetes workload reports (1 hour).",
    [
      "search",
    ],
  ],
  [
    "Restart prod/gateway, so that it reads the new key (ECS: force a new deployment). In bash or zsh, e.g. CloudShell, signed in to AWS account 111122223333 with ecs:UpdateService:",
    [
      "gateway",
    ],
  ],
  [
    "Make sure that prod/chat was started after the key changed, and find out why it gives no answer.",
    [],
  ],
  [
    "Check in the Claude Console how sk-ant-api03-4-u…H3AA is still used, and have that service read the secret again (restart or deploy it): https://platform.claude.com/usage",
    [],
  ],
  [
    "Nothing else: once the key is unused, it is handled at the new deadline.",
    [],
  ],
]
`);
  });

  test.each(['grace-over', 'zombie'] as const)(
    'in the mail of %s, with its command, and not among the others',
    (kind) => {
      const [first, , others] = steps(aFinding(kind, { consumers: [gateway, chat] }));
      expect(first).toEqual([
        expect.stringMatching(
          /^Restart first: prod\/gateway, prod\/chat\. ECS service prod\/gateway, in bash/,
        ),
        ['gateway'],
      ]);
      expect(others?.[0]).toMatch(
        /^Restart what has run since before the key was replaced: Kubernetes workload web\/deployment\/search and host/,
      );
      expect(others?.[1]).toEqual(['search']);
    },
  );

  test.each([
    ['extended', 'consumers'],
    ['extended', 'in-use'],
    ['grace-over', undefined],
    ['zombie', undefined],
  ] as const)('no step of %s (%s) asks for it twice', (kind, cause) => {
    const asked = steps(aFinding(kind, { consumers: [gateway, chat], ...(cause && { cause }) }));
    for (const name of ['prod/gateway', 'prod/chat', 'web/deployment/search'])
      expect(asked.filter(([says]) => says!.includes(name)).length).toBeLessThanOrEqual(1);
    expect(asked.filter(([, blocks]) => blocks!.includes('gateway'))).toHaveLength(1);
  });

  test('one of which all tasks are fresh is not suspected where another is stale', () => {
    const [first, ...others] = steps(aFinding('zombie', { consumers: [gateway] }));
    expect(first?.[0]).toContain('Restart first: prod/gateway');
    expect(JSON.stringify(others)).not.toContain('prod/chat');
  });
});
