import { openAdminApi } from '../lib/adapters/admin-access';
import { type Host, serving } from '../lib/adapters/host';
import { systemClock } from '../lib/adapters/system-clock';
import { administer } from '../lib/workflows/administer';
import type { AdminRequest } from '../lib/workflows/ports';

/** The one function with Admin access to Anthropic: no event source, direct invocation only, and it trusts no caller. */
export const adminOn = (host: Host) =>
  serving(host, 'admin', async (request: AdminRequest, world) =>
    administer(request, { ...world, admin: undefined, api: await openAdminApi(host, world) }),
  );

export const handler = adminOn({ vars: process.env, clock: systemClock });
