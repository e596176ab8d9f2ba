/** One key, and every default. */
export const smallest = `
environments:
  prod:
    alerts: [platform@acme.io]
    keys:
      api-gateway: { owner: gateway@acme.io }
`;

/** Every option of the fleet file at once, in two environments and a further stack. */
export const everything = `
defaults: { checkEvery: rate(30 minutes) }
environments:
  prod:
    account: '123456789012'
    region: eu-central-1
    readAs: { role: 'arn:aws:iam::123456789012:role/anthropic-keys-prod-readers' }
    readers: ['arn:aws:iam::210987654321:role/auditors', 'repo:acme/keys:ref:refs/heads/main']
    alerts: [platform@acme.io, on-call@acme.io]
    organizationId: org-acme
    workspaceId: wrkspc_prod
    spendLimitReviewed: 2026-10-01
    alarmTopicArn: arn:aws:sns:eu-central-1:123456789012:pager
    eventBusName: security
    encryption: customer-managed
    adminAccess:
      federation: { ruleId: fdrl_1, organizationId: org-acme, serviceAccountId: svac_1 }
    vpc: { subnetIds: [subnet-0a1b2c3d], securityGroupIds: [sg-0a1b2c3d] }
    proxyUrl: https://proxy.acme.io:3128
    cliCommand: pnpm exec anthropic-keys
    projectUrl: https://git.acme.io/keys
    runbookUrl: https://wiki.acme.io/runbook
    policy: { deactivate: automatic, workingHours: { days: Mon-Fri, hours: 9-17, timeZone: Europe/Berlin } }
    keys:
      api-gateway:
        owner: gateway@acme.io
        principals: ['arn:aws:iam::123456789012:role/gateway']
        consumers:
          - { kind: ecs, service: 'arn:aws:ecs:eu-central-1:123456789012:service/prod/gateway' }
          - { kind: ecs, name: other-account, service: 'arn:aws:ecs:eu-central-1:210987654321:service/prod/gateway', role: 'arn:aws:iam::210987654321:role/restart' }
          - { kind: lambda, name: summaries, refresh: 5 minutes }
      adopted:
        owner: legacy@acme.io
        existing: arn:aws:secretsmanager:eu-central-1:123456789012:secret:legacy/claude-AbCdEf
      late-comer: { owner: late@acme.io, stack: second }
  dev:
    topicArn: arn:aws:sns:eu-central-1:123456789012:dev-notices
    encryption: arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000000
    formerEncryption: ['arn:aws:kms:eu-central-1:123456789012:key/11111111-1111-1111-1111-111111111111']
    adminAccess:
      adminKeySecretArn: arn:aws:secretsmanager:eu-central-1:123456789012:secret:anthropic-admin-AbCdEf
    keys:
      playground:
        owner: research@acme.io
        policy: { maxAgeDays: 180, allowLongAge: 'Only reaches a sandbox', probeModel: claude-haiku-4-5 }
`;

/** The smallest fleet, with another schedule of its checks. */
export const checkedEvery = (expression: string) =>
  smallest.replace('gateway@acme.io', `gateway@acme.io, policy: { checkEvery: "${expression}" }`);
