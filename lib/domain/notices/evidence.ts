import type { Evidence } from '../verdict';
import { token } from './plain-text';
import { moment } from './times';

/** One probe in one sentence: when, what was asked, what came back, and the id under which Anthropic's support finds it. */
export function probed(evidence: Evidence, now: Date): string {
  const { status, requestId } = evidence;
  const asked = evidence.probe === 'messages' ? 'one-word message' : 'token count';
  const model = token(evidence.model);
  const answer = [
    status === undefined ? 'no answer' : `HTTP ${Math.trunc(status)}`,
    token(evidence.errorType),
    token(evidence.errorCode),
  ];
  const ids = [
    ['request', token(requestId)],
    ['workspace', token(evidence.workspaceId)],
    ['organization', token(evidence.organizationId)],
  ].flatMap(([name, id]) => (id ? [`${name} ${id}`] : []));
  return `Probe at ${moment(evidence.at, now)}: ${asked}${model ? ` to ${model}` : ''}, ${answer
    .filter(Boolean)
    .join(' ')}${ids.length > 0 ? `; ${ids.join(', ')}` : ''}.`;
}
