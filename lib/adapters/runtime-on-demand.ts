import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SNSClient } from '@aws-sdk/client-sns';
import type { FunctionEnv } from '../contract/env';
import { createKeyConsumers } from './consumers';
import { createTransitionBus } from './eventbridge';
import { createAdminClient } from './lambda';
import { createNoticeBoard } from './sns';

/** Opens the ports that only an event needs. They are loaded together, when one of them is first called. `aws`: options for every client. */
export function openOnDemand(aws: object, env: FunctionEnv) {
  const events = new EventBridgeClient(aws);
  const lambda = new LambdaClient(aws);
  return {
    board: createNoticeBoard(new SNSClient(aws), env.topicArn, env),
    bus: createTransitionBus(events, env.eventBusName),
    consumers: createKeyConsumers(events, lambda, env.eventBusName),
    /** For use where Admin access is on. */
    admin: createAdminClient(lambda, env.adminFunction!),
  };
}
