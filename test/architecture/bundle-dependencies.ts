/** Every package that our own code brings into the functions of an environment, and why nothing smaller would do. */
export const DIRECT_DEPENDENCIES: Readonly<Record<string, string>> = {
  '@anthropic-ai/sdk': 'asks Anthropic about keys, and lists and switches them off where Admin access is on',
  '@aws-sdk/client-secrets-manager': 'reads secrets, moves labels, starts rotations, remembers in tags',
  '@aws-sdk/client-sns': 'tells people, and asks first whether anybody listens',
  '@aws-sdk/client-eventbridge': 'tells machines, and finds the registered consumers of a key',
  '@aws-sdk/client-lambda': 'asks the one function with Admin access, and the registered consumers of a key',
  '@aws-sdk/client-sts': 'gets the short-lived token that Admin access is federated with',
  '@aws-lambda-powertools/logger': 'writes structured logs, through one place that scrubs them of keys',
  '@aws-lambda-powertools/metrics':
    'writes metrics into the log, so that counting needs no call and no permission',
};

/** The same for the function of `RestartOnRotation`, which belongs to the stack of a consumer. */
export const RESTART_DEPENDENCIES: Readonly<Record<string, string>> = {
  '@aws-sdk/client-ecs': 'restarts services, and sees when their tasks were created',
  '@aws-sdk/client-sts': 'assumes the role for a service of another account',
  '@aws-lambda-powertools/logger': 'writes structured logs, as all functions do',
};

/** The packages that a check loads before it knows what it has to do. All others wait until something has happened, or are never loaded on Lambda. */
export const LOADED_BY_A_STEADY_CHECK: readonly string[] = [
  '@anthropic-ai/sdk',
  '@aws-lambda-powertools/commons',
  '@aws-lambda-powertools/logger',
  '@aws-lambda-powertools/metrics',
  '@aws-sdk/client-secrets-manager',
  '@aws-sdk/core',
  '@aws-sdk/credential-provider-env',
  '@aws-sdk/credential-provider-node',
  '@aws-sdk/xml-builder',
  '@aws/lambda-invoke-store',
  '@opentelemetry/api',
  '@smithy/core',
  '@smithy/node-http-handler',
  '@smithy/signature-v4',
  '@smithy/types',
];
