import { openAdminApi } from '../lib/adapters/admin-access';
import { createHandler, type Runtime } from '../lib/adapters/runtime';
import { systemClock } from '../lib/adapters/system-clock';
import { administer } from '../lib/workflows/administer';
import type { AdminRequest } from '../lib/workflows/ports';

/** The one function with Admin access to Anthropic: no event source, direct invocation only, and it trusts no caller. */
export const adminOn = (host: Runtime) =>
  createHandler(host, 'admin', async (request: AdminRequest, ports) =>
    administer(request, { ...ports, admin: undefined, api: await openAdminApi(host, ports) }),
  );

export const handler = adminOn({ vars: process.env, clock: systemClock });
