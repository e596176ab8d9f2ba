/** An error as Anthropic gives it: status, type, wording and, for some, a stable code. */
export interface ErrorAnswer {
  readonly status: number;
  readonly type: string;
  readonly message: string;
  readonly details?: { readonly error_code: string } & Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a network, a proxy or a hostile host may answer in Anthropic's place. */
export interface RawAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A function gets the Authorization header, to echo it as a hostile host would. */
  readonly body?: string | ((authorization: string) => string);
  /** Hang up before anything is sent, in the middle of the body, or leave the body open for ever. */
  readonly ending?: 'reset' | 'cut' | 'hang';
}

export type ScriptedAnswer = ErrorAnswer | RawAnswer;

export const isErrorAnswer = (answer: ScriptedAnswer): answer is ErrorAnswer => 'type' in answer;

/** Thrown inside the fake: answered as an error envelope. */
export class Refused extends Error {
  constructor(readonly answer: ErrorAnswer) {
    super(answer.message);
  }
}

export const badRequest = (message: string, error_code?: string): ErrorAnswer => ({
  status: 400,
  type: 'invalid_request_error',
  message,
  ...(error_code && { details: { error_code } }),
});

const coded = (status: number, type: string, error_code: string, message: string): ErrorAnswer => ({
  status,
  type,
  message,
  details: { error_code },
});

/** The troubles that Anthropic is documented to report, in its own words and codes. */
export const TROUBLE = {
  'invalid-key': { status: 401, type: 'authentication_error', message: 'invalid x-api-key' },
  'organization-on-hold': badRequest('Your organization is on hold.', 'organization_on_hold'),
  'organization-disabled': badRequest('This organization has been disabled.'),
  'creator-left': badRequest(
    'The user who created this API key is no longer a member.',
    'claude_code_key_creator_not_member',
  ),
  'workspace-header-required': badRequest('anthropic-workspace-id header is required for this API key.'),
  'workspace-not-scoped': badRequest('This API key is not scoped to the requested workspace.'),
  'credit-balance': badRequest(
    'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
  ),
  'no-billing': badRequest('Your organization is not set up for billing.'),
  'spend-limit': badRequest(
    'You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.',
  ),
  'encryption-key-disabled': badRequest('The customer-managed key is disabled.', 'cmek_key_disabled'),
  'encryption-key-blocked': badRequest('The key service blocked the request.', 'cmek_key_network_blocked'),
  'profile-required': badRequest('A user profile is required.', 'user_profile_required'),
  'profile-not-found': badRequest('The user profile was not found.', 'user_profile_not_found'),
  'bad-request': badRequest('messages: at least one message is required'),
  billing: { status: 402, type: 'billing_error', message: 'There is a problem with your billing.' },
  'linked-billing': coded(
    402,
    'billing_error',
    'linked_organization_billing_unavailable',
    'Billing is unavailable.',
  ),
  'linked-spend-limit': coded(
    402,
    'billing_error',
    'linked_organization_spend_limit_reached',
    'Spend limit reached.',
  ),
  permission: {
    status: 403,
    type: 'permission_error',
    message: 'Your API key does not have permission to use the specified resource.',
  },
  'ip-allowlist': {
    status: 403,
    type: 'permission_error',
    message: 'Your IP address is not allowed by the allowlist of this organization.',
  },
  'profile-billing': coded(
    403,
    'permission_error',
    'user_profile_billing_not_authorized',
    'Billing not authorized.',
  ),
  sandbox: coded(403, 'permission_error', 'sandbox_egress_restricted', 'Restricted sandbox.'),
  'workspace-not-found': { status: 404, type: 'not_found_error', message: 'Workspace wrkspc_x not found' },
  'not-found': { status: 404, type: 'not_found_error', message: 'Not Found' },
  'rate-limit': {
    status: 429,
    type: 'rate_limit_error',
    message: 'This request would exceed the rate limit of your organization.',
    headers: { 'retry-after': '2' },
  },
  'ramp-limit': {
    ...coded(429, 'rate_limit_error', 'ramp_limit_exceeded', 'Usage grows too fast.'),
    headers: { 'retry-after': '86400' },
  },
  'enforced-spend-limit': coded(
    429,
    'rate_limit_error',
    'enforced_spend_limit_reached',
    'Monthly threshold crossed.',
  ),
  'contract-spend-limit': coded(
    429,
    'rate_limit_error',
    'contract_spend_limit_reached',
    'Contract limit reached.',
  ),
  'too-large': { status: 413, type: 'invalid_request_error', message: 'Request exceeds the maximum size' },
  'api-error': { status: 500, type: 'api_error', message: 'Internal server error' },
  'gateway-timeout': { status: 504, type: 'timeout_error', message: 'Request timed out' },
  overloaded: { status: 529, type: 'overloaded_error', message: 'Overloaded' },
  'encryption-unreadable': coded(503, 'api_error', 'cmek_context_unavailable', 'Settings could not be read.'),
  'encryption-key-unreachable': coded(
    503,
    'api_error',
    'cmek_key_unreachable',
    'The key could not be reached.',
  ),
} as const satisfies Record<string, ErrorAnswer>;

export type TroubleName = keyof typeof TROUBLE;

const page = (title: string) =>
  `<!doctype html><html><head><title>${title}</title></head><body>${title}</body></html>`;
const html = (status: number, title: string): RawAnswer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: page(title),
});
const json = (status: number, body: unknown): RawAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** What is seen on the way to Anthropic and is not Anthropic. */
export const MISBEHAVIOUR = {
  'captive page': html(200, 'Sign in to the guest network'),
  'proxy 401': html(401, 'Proxy authentication required'),
  'gateway 401 in JSON': json(401, { error: { message: 'Unauthorized', type: 'auth_error' } }),
  'firewall 403': html(403, 'Blocked by policy'),
  'proxy 407': html(407, 'Proxy Authentication Required'),
  'bad gateway': html(502, 'Bad Gateway'),
  redirect: { status: 302, headers: { location: 'https://login.example.com/' }, body: '' },
  'truncated JSON': {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"id":"msg_1","type":"message","role":"assis',
  },
  'truncated error': {
    status: 401,
    headers: { 'content-type': 'application/json' },
    body: '{"type":"error","error":{"type":"authentication_err',
  },
  'body cut off': {
    status: 401,
    headers: { 'content-type': 'application/json', 'content-length': '500' },
    body: '{"type":"error","error":{"type":"authentication_error","message":"invalid"}}',
    ending: 'cut',
  },
  'slow body': {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"id":"msg_1",',
    ending: 'hang',
  },
  'connection reset': { ending: 'reset' },
  'wrong content type': {
    status: 401,
    headers: { 'content-type': 'text/plain' },
    body: '{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}',
  },
  '200 with an error body': json(200, {
    type: 'error',
    error: { type: 'authentication_error', message: 'invalid x-api-key' },
  }),
  'empty 200': { status: 200, headers: { 'content-type': 'application/json' }, body: '' },
  'no content': { status: 204 },
} as const satisfies Record<string, RawAnswer>;

export type MisbehaviourName = keyof typeof MISBEHAVIOUR;
