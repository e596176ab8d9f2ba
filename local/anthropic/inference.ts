import { Refused, TROUBLE } from './answers';
import type { Caller, FakeOrganization, FakeRequest } from './fake-organization';

const SAMPLING = ['temperature', 'top_p', 'top_k'];

/** `/v1/messages`, `/v1/messages/count_tokens` and `/v1/models`, for a caller that was let in. */
export function inference(fake: FakeOrganization, request: FakeRequest, caller: Caller): unknown {
  if (request.method === 'GET' && request.path === '/v1/models') return models(fake, request);
  if (request.method === 'POST' && request.path === '/v1/messages/count_tokens') {
    readParams(fake, request);
    return { input_tokens: 8 };
  }
  if (request.method === 'POST' && request.path === '/v1/messages') return message(fake, request, caller);
  throw new Refused(TROUBLE['not-found']);
}

function message(fake: FakeOrganization, request: FakeRequest, caller: Caller): unknown {
  const { model, max_tokens: most } = readParams(fake, request);
  if (typeof most !== 'number' || most < 1) throw bad('max_tokens: Field required');
  const { id, workspace } = caller.key;
  fake.usage.record({ keyId: id, workspace, at: fake.clock.now(), requests: 1, model });
  return {
    id: `msg_${fake.nextId(`${id}/message`)}`,
    type: 'message',
    role: 'assistant',
    model,
    content: [{ type: 'text', text: 'Hello' }],
    stop_reason: most === 1 ? 'max_tokens' : 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 8, output_tokens: Math.min(most, 2) },
  };
}

function readParams(fake: FakeOrganization, request: FakeRequest): { model: string; max_tokens?: unknown } {
  const params = request.body as Record<string, unknown> | undefined;
  if (typeof params?.model !== 'string') throw bad('model: Field required');
  if (!Array.isArray(params.messages) || params.messages.length === 0) throw bad('messages: Field required');
  const sampling = SAMPLING.find((name) => name in params);
  if (sampling) throw bad(`${sampling}: Extra inputs are not permitted`);
  const model = fake.models.find(({ id }) => id === params.model);
  if (!model || model.lifecycle === 'retired') {
    throw new Refused({ status: 404, type: 'not_found_error', message: `model: ${params.model}` });
  }
  return { model: model.id, max_tokens: params.max_tokens };
}

function models(fake: FakeOrganization, request: FakeRequest): unknown {
  const wanted = request.query.getAll('lifecycle[]');
  const shown = wanted.length > 0 ? wanted : ['active', 'deprecated'];
  const data = fake.models.filter(({ lifecycle }) => shown.includes(lifecycle));
  return {
    data: data.map((model) => ({ type: 'model', display_name: model.id, ...model })),
    has_more: false,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  };
}

const bad = (message: string) => new Refused({ status: 400, type: 'invalid_request_error', message });
