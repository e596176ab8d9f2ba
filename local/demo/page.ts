import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createSecretStore } from '../../lib/adapters/secrets-manager';
import { renderHtml, toJson } from '../../lib/cli/html/page';
import { ENVIRONMENT_TAG } from '../../lib/contract/policy-tags';
import { readListing } from '../../lib/contract/read-secret';
import { type AuditReport, auditOf } from '../../lib/domain/audit/audit';
import { fleetOf } from '../../lib/domain/fleet/fleet';
import { clientConfig } from '../aws';
import { evidenceFrom } from './evidence';
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

/** What `status --html` would show of every account, joined. */
async function audit({ sandbox, end }: Played): Promise<AuditReport> {
  const listings = await Promise.all(
    sandbox.clouds.map((aws) => {
      const client = new SecretsManagerClient(clientConfig(aws, 'auditor'));
      return createSecretStore(client, sandbox.clock).list({ tagKey: ENVIRONMENT_TAG });
    }),
  );
  const { listed, unreadable } = readListing(listings.flat());
  const account = [...new Set(sandbox.clouds.map(({ accountId }) => accountId))].join(', ');
  const region = [...new Set(sandbox.clouds.map((aws) => aws.region))].join(', ');
  return auditOf(fleetOf(listed, unreadable, end), {
    scope: { account, region },
    evidence: evidenceFrom(sandbox.clouds),
    // The course is known from the events; who made each call is nowhere, and the page must not look as if it were unknown.
    trail: { readable: false, why: 'the demo has none' },
    environments: sandbox.deployed.map(({ deployment, adminAccess }) => ({
      name: deployment.environment,
      adminAccess,
      spendLimitReviewed: deployment.functions
        .map(({ variables }) => variables.ROTATION_SPEND_LIMIT_REVIEWED)
        .find((day) => day !== undefined),
    })),
  });
}
