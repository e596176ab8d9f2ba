import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IConstruct } from 'constructs';

/** A managed key, of this app or of another one. */
export interface IManagedKey extends IConstruct {
  /** Environment of the key, such as `prod`. */
  readonly environment: string;
  /** Service of the key, such as `api-gateway`. */
  readonly service: string;
  /** Name of its secret, such as `anthropic/prod/api-gateway`. */
  readonly secretName: string;
  /** The bus that gets the events of its environment. */
  readonly eventBus: IEventBus;
}
