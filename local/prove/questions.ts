/** What is open about Anthropic and AWS. The words stand in the documents, each beside its id; here is who settles it. */
export interface Question {
  /** The document that asks it, in `docs/`. */
  readonly page: 'anthropic.md' | 'proven.md';
  /** Which proof settles it; a person, where none can. */
  readonly by: ProofName | 'person';
  /** What the person who runs the proof has to have besides an account. */
  readonly needs?: 'a throw-away key' | 'an Admin API key' | 'both keys' | 'two throw-away keys';
}

export type ProofName = 'prove:anthropic' | 'prove:aws';

const byKey = { page: 'anthropic.md', by: 'prove:anthropic', needs: 'a throw-away key' } as const;
const byAdminKey = { ...byKey, needs: 'an Admin API key' } as const;
const byBothKeys = { ...byKey, needs: 'both keys' } as const;
const byDeployment = { page: 'proven.md', by: 'prove:aws' } as const;
const byRotation = { ...byDeployment, needs: 'two throw-away keys' } as const;
const atAnthropic = { page: 'anthropic.md', by: 'person' } as const;
const atAws = { page: 'proven.md', by: 'person' } as const;

/** Every open question of the documents, by its id. A test holds that they list the same ones. */
export const QUESTIONS = {
  'disabled-key-status': byKey,
  'disable-delay': byKey,
  'disabled-key-workspace-header': byKey,
  'new-key-refused': byKey,
  'disabled-key-request-id': byKey,
  'disabled-key-other-headers': byKey,
  'count-tokens-as-usage': byBothKeys,
  'usage-reports': byBothKeys,
  'usage-delay': byBothKeys,
  'key-record': byBothKeys,
  'feed-absent': byAdminKey,
  'feed-page-size': byAdminKey,
  'feed-own-change': byBothKeys,
  'feed-delay': byBothKeys,
  'feed-federated-token': atAnthropic,
  'feed-leaked-key': byAdminKey,
  'feed-of-parent': atAnthropic,
  'key-of-archived-workspace': byAdminKey,
  'federation-by-admin-key': byAdminKey,
  'federation-page-size': byAdminKey,
  'federation-lists': atAnthropic,
  'usage-without-buckets': atAnthropic,
  'messages-report-credential': atAnthropic,
  'messages-report-order': atAnthropic,
  'messages-report-open-hour': atAnthropic,
  'usage-without-tokens': atAnthropic,
  'first-deployment': byDeployment,
  'ecs-agent': atAws,
  'consumer-of-another-app': atAws,
  'consumer-recipes': atAws,
  'restart-commands': atAws,
  'three-accounts': atAws,
  keyless: atAws,
  'failed-rotation-retries': atAws,
  'conditions-in-rotation': byRotation,
  'conditions-elsewhere': atAws,
  'trail-event-fields': byDeployment,
  'event-history': byDeployment,
  'evidence-log-written': byDeployment,
  'evidence-log-read': byDeployment,
  'evidence-log-import': atAws,
  'orders-alias': byDeployment,
  'sign-in': atAws,
  'stacks-fixed': atAws,
  'critical-filter': atAws,
  'digest-filter': atAws,
  cloudshell: atAws,
  'move-from-checkout': atAws,
  powershell: atAws,
  'boundary-and-tags': atAws,
  'other-partitions': atAws,
  'dry-run-of-earlier-release': atAws,
  'refusal-wording': byDeployment,
  'rotation-off': byDeployment,
  'event-and-queue-conditions': atAws,
  'control-of-death': byRotation,
  'several-accounts': atAws,
  'restart-on-rotation': atAws,
  'label-limit': byDeployment,
  'helper-outlives-rotation': atAws,
  'fast-alarms': atAws,
  channels: atAws,
  'chat-commands': atAws,
  'event-refused': atAws,
  'scheduler-role': byDeployment,
  'policy-tags-change': atAws,
  'dead-letter-queue': atAws,
  'federation-of-function': atAws,
  'off-by-messages-report': atAws,
  'encrypted-topic-alarm': atAws,
  'iam-evaluator': atAws,
  'github-workflows': atAws,
  tickets: atAws,
  comparison: atAws,
} as const satisfies Readonly<Record<string, Question>>;

export type QuestionId = keyof typeof QUESTIONS;

/** The questions that a proof settles, in the order of the list. */
export const questionsOf = (proof: ProofName): readonly QuestionId[] =>
  (Object.keys(QUESTIONS) as QuestionId[]).filter((id) => QUESTIONS[id].by === proof);
