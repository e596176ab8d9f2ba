import { resourcesOf, templateOf } from '../constructs/synthesis';
import { type DeployedPolicies, deployedPolicies } from './deployed';
import { ADMIN_KEY_SECRET, ADOPTED, type DeploymentKind } from './flows';
import type { Recording } from './recording';
import { ACCOUNT, KMS_KEY_ID, REGION } from './resolve';

/** Lines of the fleet file that make one deployment differ from another. */
const OPTIONS: Readonly<Record<DeploymentKind, (arnOf: Recording['arnOf']) => string>> = {
  plain: () => '',
  federated: () => `
    encryption: customer-managed
    adminAccess: { federation: { ruleId: fdrl_prod, organizationId: org_1, serviceAccountId: svac_prod } }
    vpc: { subnetIds: [subnet-0a1b2c3d], securityGroupIds: [sg-0a1b2c3d] }`,
  'admin-key': (arnOf) => `
    encryption: arn:aws:kms:${REGION}:${ACCOUNT}:key/${KMS_KEY_ID}
    adminAccess: { adminKeySecretArn: '${arnOf(ADMIN_KEY_SECRET)}' }`,
};

/** The policies of the synthesised template for the deployment that was recorded. */
export function policiesFor({ deployment, arnOf }: Recording): DeployedPolicies {
  const fleet = `
environments:
  prod:
    alerts: [platform@acme.io]${OPTIONS[deployment](arnOf)}
    keys:
      api-1: { owner: gateway@acme.io }
      legacy: { owner: legacy@acme.io, existing: '${arnOf(ADOPTED)}' }
`;
  return deployedPolicies(resourcesOf(templateOf(fleet)));
}
