import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createTrailReader } from '../../lib/adapters/cloudtrail';
import { createEvidenceLog } from '../../lib/adapters/evidence-log';
import { createSecretStore } from '../../lib/adapters/secrets-manager';
import { renderHtml, toJson } from '../../lib/cli/html/page';
import { VERSION } from '../../lib/cli/version';
import { ENVIRONMENT_TAG } from '../../lib/contract/policy-tags';
import { readListing } from '../../lib/contract/read-secret';
import { type AuditReport, auditOf, type TrailState } from '../../lib/domain/audit/audit';
import { type FleetListing, fleetOf } from '../../lib/domain/fleet/fleet';
import { type Evidence, readEvidence } from '../../lib/workflows/read-evidence';
import { clientConfig, type FakeAws } from '../aws';
import type { Played } from './play';

/** Writes the audit of the whole fleet, all accounts of it, for people and for machines, and returns where the page is. */
export async function writePage(played: Played, folder: string): Promise<string> {
  const report = await audit(played);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'fleet.json'), `${toJson(report)}\n`);
  const page = join(folder, 'fleet.html');
  writeFileSync(page, renderHtml(report));
  return page;
}

/** What `report --html` would show of every account, joined. */
export async function audit({ sandbox, end }: Played): Promise<AuditReport> {
  const { clouds, clock } = sandbox;
  const listings = await Promise.all(
    clouds.map((aws) => {
      const client = new SecretsManagerClient(clientConfig(aws, AUDITOR));
      return createSecretStore(client, clock).list({ tagKey: ENVIRONMENT_TAG });
    }),
  );
  const { listed, unreadable } = readListing(listings.flat());
  const fleet = fleetOf(listed, unreadable, end);
  const evidence = await Promise.all(clouds.map((aws) => evidenceIn(aws, fleet, clock)));
  const account = [...new Set(clouds.map(({ accountId }) => accountId))].join(', ');
  const region = [...new Set(clouds.map((aws) => aws.region))].join(', ');
  return auditOf(fleet, {
    scope: { account, region },
    maker: { identity: AUDITOR, account, version: VERSION },
    ...joined(evidence.map(({ sources }) => sources)),
    environments: sandbox.deployed.map(({ deployment, adminAccess }) => ({
      name: deployment.environment,
      adminAccess,
      spendLimitReviewed: deployment.functions
        .map(({ variables }) => variables.ROTATION_SPEND_LIMIT_REVIEWED)
        .find((day) => day !== undefined),
    })),
  });
}

const AUDITOR = 'auditor@example.com';

/** What the command line would read in one account. */
function evidenceIn(
  aws: FakeAws,
  { rows }: FleetListing,
  clock: Played['sandbox']['clock'],
): Promise<Evidence> {
  const config = clientConfig(aws, AUDITOR);
  const here = `:${aws.region}:${aws.accountId}:`;
  return readEvidence(
    {
      trail: createTrailReader(new CloudTrailClient(config), clock),
      evidenceLog: createEvidenceLog(new CloudWatchLogsClient(config), clock),
    },
    { rows: rows.filter(({ key }) => key.secretArn.includes(here)) },
  );
}

/** The evidence of several accounts as one: CloudTrail goes back as far as in the account where it is shortest. */
function joined(all: readonly Evidence['sources'][]): Evidence['sources'] {
  const trail = all
    .map((each) => each.trail)
    .reduce((a, b): TrailState => (!a.readable || (b.readable && a.since > b.since) ? a : b));
  return {
    evidence: new Map(all.flatMap(({ evidence }) => [...evidence])),
    trail,
    logs: all.flatMap(({ logs }) => logs),
  };
}
