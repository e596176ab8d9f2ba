import type { KeyIdentity, Policy } from '../policy';
import type { Home } from '../verdict';

/** What a notice is written from, besides its finding. */
export interface NoticeContext {
  readonly key: KeyIdentity;
  readonly policy: Policy;
  readonly now: Date;
  /** Where the key must live, as far as known. */
  readonly home?: Home;
  /** Whether the deployment can switch keys off and on at Anthropic by itself. */
  readonly adminAccess: boolean;
  /** Name of the function that checks keys, for a command that needs no checkout. */
  readonly checkFunction?: string;
}

/** Where the secret is, for commands and links. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** Takes the place out of the secret's ARN; parts of another shape than AWS gives are left empty rather than printed. */
export function placeOf({ secretArn }: Pick<KeyIdentity, 'secretArn'>): Place {
  const [, partition = '', , region = '', account = ''] = secretArn.split(':');
  const only = (text: string, shape: RegExp) => (shape.test(text) ? text : '');
  return {
    partition: only(partition, /^aws[a-z-]*$/),
    region: only(region, /^[a-z0-9-]{1,30}$/),
    account: only(account, /^\d{12}$/),
  };
}
