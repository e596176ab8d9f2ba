import { UsageError } from '../exit-code';
import { keyVerb } from '../key-verb';
import type { KeylessIntent } from '../keyless';

/** Says what a key's consumers need to work without it, and compares that with what the organization has. It creates nothing. */
export const keyless = keyVerb<KeylessIntent>({
  name: 'keyless',
  summary: 'say what a consumer needs to work without a key, and whether it exists',
  about:
    'Says which consumers of a key could use Workload Identity Federation instead, and what each needs: service account, issuer, and a rule for exactly one IAM role. With --role and --issuer it prints the steps in the Console, and the same as requests to the Admin API. It creates nothing, and takes no credential that could. --check has the function with Admin access list what there is, which takes the responder policy and Admin access by federation: exit code 3 means that something is missing, too wide or not known.',
  options: [
    [
      '--consumer <name>',
      'which consumer, as keys.yaml names it; needed only if several can do without a key',
    ],
    ['--role <arn>', 'the exact ARN of the IAM role that it runs with'],
    ['--issuer <url>', 'the issuer of the account’s identity tokens, as IAM shows it'],
    ['--check', 'compare with what the organization has; it changes nothing'],
  ],
  examples: [
    'keyless prod/api-gateway',
    'keyless prod/api-gateway --role arn:aws:iam::111122223333:role/gateway --issuer https://0f1e2d3c-4b5a-4968-8776-655443322110.tokens.sts.global.api.aws --check',
  ],
  seeAlso: ['show', 'retire', 'doctor'],
  document: 'keyless/1',
  read({ consumer, role, issuer, check }) {
    const text = (option: unknown) => (typeof option === 'string' ? option : undefined);
    const intent = {
      consumer: text(consumer),
      role: text(role),
      issuer: text(issuer),
      check: check === true,
    };
    if (intent.check && (intent.role === undefined || intent.issuer === undefined))
      throw new UsageError('--check needs --role and --issuer, too: it compares what exists with them.');
    return intent;
  },
  // Loaded then: no other command needs it.
  plan: async (key, intent, context) => (await import('../keyless.ts')).planKeyless(key, intent, context),
});
