import { HOUR, plus } from '../../lib/domain/time';
import type { Clock } from '../../lib/workflows/ports';
import { letters } from './keys';

/** A rule that a human made in the Console: whose identity tokens are exchanged for access. */
export interface FederationRule {
  readonly ruleId: string;
  readonly organizationId: string;
  readonly serviceAccountId?: string;
  /** What its tokens may do. @default 'org:admin' */
  readonly scope?: string;
  /** Judges the identity token, as the rule's conditions would. @default any */
  readonly accepts?: (identityToken: string) => boolean;
}

/** `POST /v1/oauth/token`: identity tokens in, access tokens for an hour out. */
export class TokenExchange {
  readonly #rules: FederationRule[] = [];
  readonly #tokens = new Map<string, { readonly rule: FederationRule; readonly until: Date }>();

  constructor(
    private readonly clock: Clock,
    private readonly seed: string,
  ) {}

  allow(rule: FederationRule): void {
    this.#rules.push(rule);
  }

  /** The rule that a token comes from, as long as it is valid. */
  ruleOf(token: string): FederationRule | undefined {
    const found = this.#tokens.get(token);
    return found && found.until > this.clock.now() ? found.rule : undefined;
  }

  exchange(body: unknown): { status: number; body: unknown } {
    const asked = (body ?? {}) as Record<string, unknown>;
    const rule = this.#rules.find(
      (candidate) =>
        candidate.ruleId === asked.federation_rule_id &&
        candidate.organizationId === asked.organization_id &&
        candidate.serviceAccountId === asked.service_account_id,
    );
    const assertion = typeof asked.assertion === 'string' ? asked.assertion : '';
    const granted = asked.grant_type === 'urn:ietf:params:oauth:grant-type:jwt-bearer' && assertion !== '';
    if (!granted || !rule || !(rule.accepts?.(assertion) ?? true)) {
      return {
        status: 401,
        body: { error: 'invalid_grant', error_description: 'No federation rule matches.' },
      };
    }
    const token = `sk-ant-oat01-${letters(`${this.seed}/token/${this.#tokens.size}`, 93)}AA`;
    this.#tokens.set(token, { rule, until: plus(this.clock.now(), HOUR) });
    return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: 3600 } };
  }
}
