import { LABEL } from '../contract/labels';
import { FUNCTION_ROLES, type FunctionRole, functionName } from '../contract/names';
import type { HistoryEvent, HistoryStep } from '../domain/history-event';
import { versionInShort } from '../domain/key';
import type { KeyIdentity } from '../domain/policy';
import type { TrailEvent } from './ports';

/** One key's rotation steps by CloudTrail's events, oldest first. All other events are left out. */
export function historyFromTrail(
  events: readonly TrailEvent[],
  key: Pick<KeyIdentity, 'environment' | 'secretName' | 'secretArn'>,
): readonly HistoryEvent[] {
  const history: HistoryEvent[] = [];
  let failures: { readonly index: number; readonly cause: readonly string[]; count: number } | undefined;
  /** Who started the running rotation; undefined if its schedule did. */
  let starter: string | undefined;
  /** The running rotation has moved AWSCURRENT already: that it succeeded is then the same promotion. */
  let isPromoted = false;
  const own = events.filter(({ secretId }) => isSecret(secretId, key));
  for (const event of own.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    if (event.name === 'RotateSecret') starter = callerOf(event, key.environment);
    const { step, note } = stepOf(event, key.environment) ?? {};
    if (!step) continue;
    const cause = [...(note ? [note] : []), ...(starter || step !== 'rotation-failed' ? [] : [SCHEDULED])];
    if (step === 'rotation-failed' && failures) {
      failures.count += 1;
      const again = `${failures.count} times, last at ${event.at.toISOString().slice(0, 16)}Z`;
      const { at, by } = history[failures.index]!;
      history[failures.index] = { ...entry(event, step, [...failures.cause, again]), at, by };
      continue;
    }
    failures = step === 'rotation-failed' ? { index: history.length, cause, count: 1 } : undefined;
    const isRotation = step === 'promoted' || step === 'rotation-failed';
    const by = isRotation ? starter : callerOf(event, key.environment);
    if (event.name !== 'RotationSucceeded' || !isPromoted)
      history.push({ ...entry(event, step, cause), ...(by !== undefined && { by }) });
    isPromoted = step === 'promoted' && event.name !== 'RotationSucceeded';
    if (event.name === 'RotationSucceeded') starter = undefined;
  }
  return history;
}

/** Nobody called RotateSecret. */
const SCHEDULED = 'started by its schedule';

const entry = ({ id, at }: TrailEvent, step: HistoryStep, notes: readonly string[]): HistoryEvent => ({
  at,
  step,
  sources: ['cloudtrail'],
  requestId: id,
  ...(notes.length > 0 && { note: notes.join('; ') }),
});

interface TrailStep {
  readonly step: HistoryStep;
  readonly note?: string;
}

function stepOf(event: TrailEvent, environment: string): TrailStep | undefined {
  switch (event.name) {
    case 'PutSecretValue':
      return isFunction(event, environment, 'rotate') ? undefined : put(event);
    case 'UpdateSecret':
      // Without a new version it changed a description or a KMS key.
      return event.versionId === undefined ? undefined : { step: 'direct-edit', note: version(event) };
    case 'UpdateSecretVersionStage':
      return event.labels.includes(LABEL.current) && event.versionId ? moved(event, environment) : undefined;
    case 'RotationSucceeded':
      return { step: 'promoted' };
    case 'RotationFailed':
      return { step: 'rotation-failed' };
    case 'RotationAbandoned':
      return { step: 'rotation-failed', note: 'given up because a value was written in the meantime' };
    default:
      return undefined;
  }
}

/** A put that names no label moves AWSCURRENT. */
function put(event: TrailEvent): TrailStep | undefined {
  if (event.labels.includes(LABEL.submitted)) return { step: 'submitted', note: version(event) };
  const live = event.labels.length === 0 || event.labels.includes(LABEL.current);
  return live ? { step: 'direct-edit', note: version(event) } : undefined;
}

function moved(event: TrailEvent, environment: string): TrailStep {
  const note = version(event);
  if (isFunction(event, environment, 'rotate')) return { step: 'promoted', note };
  if (isFunction(event, environment, 'check')) return { step: 'rolled-back', note };
  return { step: 'direct-edit', note: `AWSCURRENT moved by hand${note ? ` to ${note}` : ''}` };
}

const version = ({ versionId }: TrailEvent) => versionId && `version ${versionInShort(versionId)}`;

/** Who called: a function by its name alone, because its session has the same one. */
function callerOf(event: TrailEvent, environment: string): string | undefined {
  const role = FUNCTION_ROLES.find((each) => isFunction(event, environment, each));
  return role ? functionName(environment, role) : event.by;
}

/** A caller starts with its role's name, and that starts with the function's name. */
function isFunction({ by = '' }: TrailEvent, environment: string, role: FunctionRole): boolean {
  const name = functionName(environment, role);
  const caller = by.split('/')[0]!;
  return caller === name || caller.startsWith(`${name}-`);
}

/** A call may name a secret by its ARN, by its ARN without the random suffix, or by its name. */
function isSecret(
  id: string,
  { secretName, secretArn }: Pick<KeyIdentity, 'secretName' | 'secretArn'>,
): boolean {
  return id === secretArn || id === secretName || id === secretArn.replace(/-[A-Za-z0-9]{6}$/, '');
}
