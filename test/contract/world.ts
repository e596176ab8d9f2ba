import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '../../lib/workflows/ports';

/** One server that the contract is held against, running. */
export interface ContractWorld {
  readonly secrets: SecretsManagerClient;
  readonly topics: SNSClient;
  readonly queues: SQSClient;
  readonly clock: Clock;
  /** A rotation function that exists; moto rotates without one. */
  readonly rotationFunction?: string;
  /** How often an assertion is tried again before it counts: reads of a real account may lag behind writes. */
  readonly patience: number;
  /** A name nobody used; whatever is made under it is removed in the end. */
  name(kind: 'secret' | 'topic' | 'queue'): string;
  stop(): Promise<void>;
}

/** A server to hold the contract against, and what it is known to do otherwise. */
export interface Target {
  readonly name: string;
  /** Why it can't be used here, in one line for whoever reads the test output. */
  readonly unavailable?: string;
  /** Cases that fail on this target, by the words of the case. */
  readonly differences: readonly Difference[];
  /** Whether it can be asked to rotate at all: a real account needs a function for that. */
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
  /** Left out on targets that have no rotation function to offer. */
  readonly rotates?: boolean;
  prove(world: ContractWorld): Promise<void>;
}

/** Holds once it holds; on a real account it may take a moment. */
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
