import type { ECSClient } from '@aws-sdk/client-ecs';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '../../lib/workflows/ports';

/** A running server under test. */
export interface ContractWorld {
  readonly secrets: SecretsManagerClient;
  readonly topics: SNSClient;
  readonly queues: SQSClient;
  readonly events: EventBridgeClient;
  readonly ecs: ECSClient;
  readonly clock: Clock;
  /** A rotation function that exists; moto rotates without one. */
  readonly rotationFunction?: string;
  /** How often an assertion is retried: reads of a real account may lag behind writes. */
  readonly patience: number;
  /** An unused name; whatever is created under it is removed at the end. */
  name(kind: 'secret' | 'topic' | 'queue' | 'rule' | 'cluster'): string;
  stop(): Promise<void>;
}

/** A server to test the contract against, and its known differences. */
export interface Target {
  readonly name: string;
  /** Why it cannot be used here, in one line for the test output. */
  readonly unavailable?: string;
  /** Cases that fail on this target, by their sentences. */
  readonly differences: readonly Difference[];
  /** Whether it can rotate: a real account needs a function for that. */
  readonly rotates: boolean;
  start(): Promise<ContractWorld>;
}

export interface Difference {
  readonly contract: string;
  /** What AWS documents. */
  readonly documented: string;
  /** What this target does instead. */
  readonly here: string;
  readonly right: 'the contract' | 'this target' | 'not established';
}

/** One sentence of the contract, and the proof of it. */
export interface Case {
  readonly sentence: string;
  /** Skipped on targets without a rotation function. */
  readonly rotates?: boolean;
  prove(world: ContractWorld): Promise<void>;
}

/** Waits until an assertion holds: on a real account it may take a moment. */
export async function eventually(world: ContractWorld, holds: () => Promise<void>): Promise<void> {
  for (let tries = world.patience; ; tries--) {
    try {
      return await holds();
    } catch (error) {
      if (tries <= 0) throw error;
      await world.clock.sleep(500);
    }
  }
}
